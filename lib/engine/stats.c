/* stats: see stats.h. */
#include "engine/stats.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/version.h"
#include "table/rules.h"

static uint64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Set before main: when the run began. */
static uint64_t began;
__attribute__((constructor)) static void begin(void) { began = milliseconds(); }

static void put_json(struct buf *to, struct view text)
{
	buf_byte(to, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '"' || c == '\\')
			buf_byte(to, '\\');
		if (c < 0x20)
			buf_printf(to, "\\u%04x", c);
		else
			buf_byte(to, (char)c);
	}
	buf_byte(to, '"');
}

static void put_number(struct buf *to, const char *name, uint64_t number)
{
	buf_printf(to, "\"%s\":%llu,", name, (unsigned long long)number);
}

static void put_inputs_of(struct buf *to, const struct reader *reader)
{
	for (size_t i = 0; reader && i < reader_inputs(reader); i++) {
		struct reader_about about = reader_about(reader, i);
		buf_text(to, to->ptr[to->len - 1] == '[' ? "{\"name\":" : ",{\"name\":");
		put_json(to, view_of(about.name));
		buf_printf(to, ",\"rows\":%llu,\"bytes\":%llu,\"xxh3\":\"%016llx\"}", (unsigned long long)about.rows,
		           (unsigned long long)about.bytes, (unsigned long long)about.digest);
	}
}

static void put_inputs(struct buf *to, const struct run *run)
{
	buf_text(to, "\"inputs\":[");
	for (size_t i = 0; i < run->past_count; i++)
		put_inputs_of(to, run->past[i]);
	put_inputs_of(to, run->reader);
	buf_text(to, "],");
}

/* Every rule table that was read, built-in ones too. */
static void put_rules(struct buf *to)
{
	const char *name;
	uint64_t digest;
	buf_text(to, "\"rules\":[");
	for (size_t i = 0; rules_loaded(i, &name, &digest); i++) {
		buf_text(to, i ? ",{\"name\":" : "{\"name\":");
		put_json(to, view_of(name));
		buf_printf(to, ",\"xxh3\":\"%016llx\"}", (unsigned long long)digest);
	}
	buf_text(to, "],");
}

void stats_write(const struct run *run, enum status status)
{
	if (!run->stats)
		return;
	const struct counts *counts = &run->counts;
	struct buf to = { 0 };
	buf_text(&to, "{\"tool\":");
	put_json(&to, view_of(run->tool));
	buf_text(&to, ",\"version\":");
	put_json(&to, view_of(CRM_VERSION));
	buf_text(&to, ",\"options\":");
	put_json(&to, view_of(run->options_digest ? run->options_digest : ""));
	buf_byte(&to, ',');
	put_inputs(&to, run);
	put_rules(&to);
	put_number(&to, "read", counts->read);
	put_number(&to, "used", counts->fates[FATE_USED]);
	put_number(&to, "rejected", counts->fates[FATE_REJECTED]);
	put_number(&to, "merged", counts->fates[FATE_MERGED]);
	put_number(&to, "left_out", counts->fates[FATE_LEFT_OUT]);
	put_number(&to, "blank_lines", counts->blank);
	put_number(&to, "written", counts->written);
	put_number(&to, "status", (uint64_t)status);
	uint64_t took = milliseconds() - began;
	buf_printf(&to, "\"seconds\":%llu.%03llu}\n", (unsigned long long)(took / 1000),
	           (unsigned long long)(took % 1000));
	struct sink *sink = sink_open(run->stats);
	sink_write(sink, buf_view(&to));
	sink_close(sink);
	buf_release(&to);
}

void stats_progress(const struct run *run, bool last)
{
	static uint64_t said; /* one line on one terminal */
	if (!run->progress)
		return;
	uint64_t now = milliseconds();
	if (!last && now - said < 250)
		return;
	if (last && !said)
		return;
	said = now;
	char line[128];
	int len = snprintf(line, sizeof line, "\r%s: %llu MB, %llu rows, %llu s%s", run->tool,
	                   (unsigned long long)(run->reader ? reader_bytes(run->reader) / 1000000 : 0),
	                   (unsigned long long)run->counts.read, (unsigned long long)((now - began) / 1000),
	                   last ? "\r\033[K" : "\033[K");
	if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
		return; /* nobody looks */
}
