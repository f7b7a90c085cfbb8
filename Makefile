# crm tools.  `make demo` and `make check` are all a newcomer needs; both install what is missing.
#
#   make            build every tool into build/bin
#   make check      every test (five minutes at most); check-long: fuzzing, millions of cases
#   make bench      speed and memory against Miller and DuckDB
#   make sanitize   the tests with address and undefined-behaviour sanitizers
#   make install    DESTDIR and PREFIX (/usr/local) are honoured
#   make clean

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
B       ?= build

# What the build and the tests need, listed once.
PACKAGES = gcc libc6-dev libcsv-dev libpcre2-dev zlib1g-dev libzstd-dev libxxhash-dev mandoc strace

TOOLS   := $(basename $(notdir $(wildcard cmd/crm-*.c)))
SCRIPTS := $(basename $(notdir $(wildcard cmd/crm-*.sh)))
PAGES   := $(wildcard man/*.[1-8])
LIB_SRC := $(wildcard lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
UNITS   := $(basename $(notdir $(wildcard tests/unit/*.c)))
TABLES  := $(wildcard lib/*/*.csv)

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wformat=2 -Wvla -Werror=format-security
HARDEN   = -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
           -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks -fno-strict-overflow \
           -D_FORTIFY_SOURCE=2
OPTIMIZE ?= -O2 -g
CFLAGS   ?=
CRM_CFLAGS = -std=gnu11 $(OPTIMIZE) $(WARNINGS) $(HARDEN) -D_GNU_SOURCE -Ilib -I$(B)/gen -pthread $(CFLAGS)
CRM_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack -pthread $(LDFLAGS)
LIBS     = -lpcre2-8 -lcsv -lz -lzstd -lxxhash

all: $(TOOLS:%=$(B)/bin/%) $(SCRIPTS:%=$(B)/bin/%)

$(B)/bin/%: $(B)/cmd/%.o $(B)/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

$(SCRIPTS:%=$(B)/bin/%): $(B)/bin/%: cmd/%.sh
	@mkdir -p $(@D)
	install -m 755 $< $@

$(B)/libcrm.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CRM_CFLAGS) -MMD -MP -c -o $@ $<

# A built-in table is a CSV file beside the room that reads it: lib/x/y.csv becomes the
# array y_csv in build/gen/x/y.csv.h, as it stands.
$(B)/gen/%.csv.h: lib/%.csv
	@mkdir -p $(@D)
	{ echo "static const char $(notdir $*)_csv[] = {"; od -An -v -tu1 $< | sed 's/  */,/g;s/^,//;s/$$/,/'; echo "0 };"; } >$@

$(LIB_OBJ) $(TOOLS:%=$(B)/cmd/%.o): | $(TABLES:lib/%.csv=$(B)/gen/%.csv.h)

$(B)/unit/%: tests/unit/%.c $(B)/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(CRM_CFLAGS) -MMD -MP -MF $@.d -Itests/unit $(CRM_LDFLAGS) -o $@ $< $(B)/libcrm.a $(LIBS)

# The generators: of testdata/ (`build/tests/gen-ledgers testdata`) and of the bench's events.
$(B)/tests/gen-ledgers: $(addprefix $(B)/tests/gen/,ledgers.o written.o world.o truth.o) $(B)/libcrm.a
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/gen-events: $(B)/tests/gen/events.o $(B)/libcrm.a
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

units: $(UNITS:%=$(B)/unit/%)

clean:
	rm -rf $(B)

.PHONY: all clean units
.SECONDARY:
-include $(LIB_OBJ:.o=.d) $(wildcard $(B)/tests/gen/*.d) $(TOOLS:%=$(B)/cmd/%.d) $(UNITS:%=$(B)/unit/%.d)
