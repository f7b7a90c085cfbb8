# crm tools.  `make demo` and `make check` are all a newcomer needs; both install what is missing.
#
#   make            build every tool into build/bin
#   make demo       the nightly job on testdata/: two tables and an HTML page
#   make check      every test (five minutes at most); check-long: fuzzing, faults, races, a second compiler
#   make bench      speed and memory against Miller and DuckDB
#   make sanitize   the tests with address and undefined-behaviour sanitizers
#   make bless      rewrite the expected outputs of the cases; review the diff
#   make install    DESTDIR and PREFIX (/usr/local) are honoured
#   make clean

PREFIX  ?= /usr/local
DESTDIR ?=
B       ?= build

# Debian packages, each with a header or a command that tells whether it is there.
BUILD_NEEDS = gcc:$(CC) libc6-dev:stdio.h libcsv-dev:csv.h libpcre2-dev:pcre2.h zlib1g-dev:zlib.h \
              libzstd-dev:zstd.h libxxhash-dev:xxhash.h libminizip-dev:minizip/unzip.h libexpat1-dev:expat.h
CHECK_NEEDS = mandoc:mandoc strace:strace zstd:zstd
LONG_NEEDS  = python3:python3 gnumeric:ssconvert

TOOLS   := $(basename $(notdir $(wildcard cmd/crm-*.c)))
SCRIPTS := $(basename $(notdir $(wildcard cmd/crm-*.sh)))
LIB_SRC := $(wildcard lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
UNITS   := $(basename $(notdir $(wildcard tests/unit/*.c)))
TABLES  := $(wildcard lib/*/*.csv)
FUZZERS := $(filter-out driver,$(basename $(notdir $(wildcard tests/fuzz/*.c))))

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wformat=2 -Wvla -Werror=format-security
HARDEN   = -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
           -ftrivial-auto-var-init=$(AUTO_VAR) -fno-delete-null-pointer-checks -fno-strict-overflow \
           -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
# clang refused `zero` until version 16.
AUTO_VAR := $(if $(findstring clang,$(shell { $(CC) --version; } 2>/dev/null)),pattern,zero)
OPTIMIZE ?= -O2 -g
CFLAGS   ?=
CRM_CFLAGS = -std=gnu11 $(OPTIMIZE) $(WARNINGS) $(HARDEN) -D_GNU_SOURCE -Ilib -I$(B)/gen -pthread $(CFLAGS)
# A program is linked with the libraries that it calls, not with all of them.
CRM_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed -pthread $(LDFLAGS)
LIBS     = -lpcre2-8 -lcsv -lz -lzstd -lxxhash -lminizip -lexpat

all: tools completions

tools: $(TOOLS:%=$(B)/bin/%) $(SCRIPTS:%=$(B)/bin/%)
completions: $(foreach t,$(TOOLS) $(SCRIPTS),$(B)/completion/bash/$t $(B)/completion/zsh/_$t $(B)/completion/fish/$t.fish)
units: $(UNITS:%=$(B)/unit/%)
fuzzers: $(FUZZERS:%=$(B)/fuzz/%)
generators: $(addprefix $(B)/tests/,gen-ledgers gen-events gen-orders sheet-cat)

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
	{ echo "static const char $(notdir $*)_csv[] ="; od -An -v -to1 $< | sed 's/ /\\/g;s/.*/"&"/'; echo ";"; } >$@

$(LIB_OBJ) $(TOOLS:%=$(B)/cmd/%.o): | $(TABLES:lib/%.csv=$(B)/gen/%.csv.h)

$(B)/unit/%: tests/unit/%.c $(B)/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(CRM_CFLAGS) -MMD -MP -MF $@.d -Itests/unit $(CRM_LDFLAGS) -o $@ $< $(B)/libcrm.a $(LIBS)

# Fuzz targets, with our own driver; FUZZ_DRIVER= where the compiler brings one (tests/long/fuzz.sh).
FUZZ_DRIVER = tests/fuzz/driver.c
$(B)/fuzz/%: tests/fuzz/%.c $(FUZZ_DRIVER) tests/fuzz/fuzz.h tests/fuzz/scope.h $(B)/libcrm.a
	@mkdir -p $(@D)
	$(CC) $(CRM_CFLAGS) -Itests/fuzz $(CRM_LDFLAGS) -o $@ $(filter %.c,$^) $(B)/libcrm.a $(LIBS)

# Completion is made of each tool's own table of options.
define COMPLETION =
	@mkdir -p $(@D)
	$< --print-options | lib/cli/completion.sh $(notdir $(@D)) $* >$@.new && mv $@.new $@
endef
$(B)/completion/bash/%: $(B)/bin/% lib/cli/completion.sh
	$(COMPLETION)
$(B)/completion/zsh/_%: $(B)/bin/% lib/cli/completion.sh
	$(COMPLETION)
$(B)/completion/fish/%.fish: $(B)/bin/% lib/cli/completion.sh
	$(COMPLETION)

# The generators: of testdata/ (`build/tests/gen-ledgers testdata`), of the bench's events and orders.
$(B)/tests/gen-ledgers: $(addprefix $(B)/tests/gen/,ledgers.o written.o world.o truth.o) $(B)/libcrm.a
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/gen-events $(B)/tests/gen-orders: $(B)/tests/gen-%: $(B)/tests/gen/%.o $(B)/libcrm.a
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

# What the room sheet makes of a file.
$(B)/tests/sheet-cat: $(B)/tests/sheet/sheet-cat.o $(B)/libcrm.a
	$(CC) $(CRM_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/measure: tests/bench/measure.c
	@mkdir -p $(@D)
	$(CC) $(CRM_CFLAGS) $(CRM_LDFLAGS) -o $@ $<

# What a newcomer calls.  Packages come first, then a make of its own that finds them.
BUILD = $(MAKE) -s --no-print-directory $(if $(findstring j,$(firstword $(MAKEFLAGS))),,-j$(shell nproc))
demo:
	@tests/needs $(BUILD_NEEDS)
	@+$(BUILD) tools
	@tests/demo $(B)

check:
	@tests/needs $(BUILD_NEEDS) $(CHECK_NEEDS)
	@+$(BUILD) all units generators
	@tests/check $(B)

check-long:
	@tests/needs $(BUILD_NEEDS) $(CHECK_NEEDS) $(LONG_NEEDS)
	@+$(BUILD) all units generators $(B)/tests/measure
	@tests/check --long $(B)

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-stringop-overread
SANITIZED = B=$(B)/sanitize OPTIMIZE='-O1 -g' CFLAGS='$(SANITIZE)' LDFLAGS='$(SANITIZE)'
sanitize:
	@$(MAKE) --no-print-directory check $(SANITIZED)
sanitized-fuzzers:
	@+$(BUILD) fuzzers $(SANITIZED)

bless: all
	@BLESS=1 tests/run $(B)

bench:
	@tests/needs $(BUILD_NEEDS)
	@+$(BUILD) tools generators $(B)/tests/measure
	@tests/bench/run $(B)
	@tests/bench/import $(B)

SHARE = $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/bash-completion/completions $(SHARE)/zsh/vendor-completions \
		$(SHARE)/fish/vendor_completions.d
	install $(B)/bin/crm-* $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(B)/completion/bash/* $(SHARE)/bash-completion/completions
	install -m 644 $(B)/completion/zsh/* $(SHARE)/zsh/vendor-completions
	install -m 644 $(B)/completion/fish/* $(SHARE)/fish/vendor_completions.d
	for page in man/*.[1-8] man/zh_CN/*.[1-8]; do test -f $$page || continue; \
		to=$(SHARE)/$$(dirname $$page)/man$${page##*.}; \
		install -d $$to && install -m 644 $$page $$to || exit; done

clean:
	rm -rf $(B)

.PHONY: fuzzers sanitized-fuzzers all tools completions units generators demo check check-long sanitize bless bench install clean
.SECONDARY:
-include $(LIB_OBJ:.o=.d) $(wildcard $(B)/tests/gen/*.d $(B)/tests/sheet/*.d) $(TOOLS:%=$(B)/cmd/%.d) $(UNITS:%=$(B)/unit/%.d)
