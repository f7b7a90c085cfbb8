/* scan_loops: the two loops of scan.c, compiled once for each instruction set.  LOOP(name)
 * gives the name its suffix, LOOP_TARGET the attribute of its functions. */

/* Line feeds of the window at `base`, up to the next quote. */
LOOP_TARGET static inline void LOOP(count)(struct cut *cut, uint64_t feeds, size_t base)
{
	if (!feeds)
		return;
	cut->lines += (uint64_t)__builtin_popcountll(feeds);
	if (cut->inside)
		return;
	cut->end = base + 64 - (size_t)__builtin_clzll(feeds);
	cut->lines_end = cut->lines;
}

/* The quote at `at`, judged by the rule. */
LOOP_TARGET static inline void LOOP(quote)(struct cut *cut, char delimiter, const char *bytes, size_t at,
                                           size_t len)
{
	if (cut->second == at + 1) {
		cut->second = 0;
	} else if (!cut->inside) {
		char before = at ? bytes[at - 1] : '\n';
		if (before == delimiter || before == '\n') {
			cut->inside = true;
			cut->opened = at;
		} else {
			cut->odd = true; /* data in an unquoted field */
		}
	} else {
		char next = at + 1 < len ? bytes[at + 1] : '\n';
		if (next == '"') {
			cut->second = at + 2;
			return;
		}
		cut->inside = false;
		bool ends = next == delimiter || next == '\n' ||
		            (next == '\r' && at + 2 < len && bytes[at + 2] == '\n');
		cut->odd |= !ends;
	}
}

LOOP_TARGET static void LOOP(cut)(struct cut *state, char delimiter, const char *bytes, size_t limit,
                                  size_t len, bool csv)
{
	struct cut cut = *state;
	for (size_t base = cut.done; base < limit; base += 64) {
		struct masks masks = LOOP(masks)(bytes + base, delimiter);
		if (limit - base < 64) {
			masks.quotes &= below((unsigned)(limit - base));
			masks.feeds &= below((unsigned)(limit - base));
		}
		uint64_t feeds = masks.feeds;
		for (uint64_t quotes = csv ? masks.quotes : 0; quotes; quotes &= quotes - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(quotes);
			LOOP(count)(&cut, feeds & below(bit), base);
			feeds &= ~below(bit);
			LOOP(quote)(&cut, delimiter, bytes, base + bit, len);
		}
		LOOP(count)(&cut, feeds, base);
	}
	cut.done = limit;
	*state = cut;
}

/* Writes the places of the bits, eight at a time: a branch for each would cost more. */
LOOP_TARGET static inline uint32_t *LOOP(flatten)(uint32_t *to, uint32_t base, uint64_t bits)
{
	unsigned count = (unsigned)__builtin_popcountll(bits);
	for (unsigned done = 0; done < count; done += 8) {
		for (unsigned i = 0; i < 8; i++) {
			/* With no bit left this writes nonsense behind the end, overwritten later. */
			to[done + i] = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
			bits &= bits - 1;
		}
	}
	return to + count;
}

LOOP_TARGET static void LOOP(split)(struct split *split, struct dialect dialect, const char *bytes, size_t len)
{
	enum { CHUNK = 4096 };
	const bool csv = dialect.form == DIALECT_CSV;
	uint64_t inside = 0; /* all ones while a quote is open */
	for (size_t start = 0; start < len; start += CHUNK) {
		size_t stop = len - start < CHUNK ? len : start + CHUNK;
		make_room(split, CHUNK);
		uint32_t *ends = split->ends + split->end_count;
		uint32_t *lines = split->lines + split->line_count;
		for (size_t base = start; base < stop; base += 64) {
			struct masks masks = LOOP(masks)(bytes + base, dialect.delimiter);
			uint64_t feeds = masks.feeds, fields = masks.delimiters | masks.feeds;
			if (stop - base < 64) {
				feeds &= below((unsigned)(stop - base));
				fields &= below((unsigned)(stop - base));
				masks.quotes &= below((unsigned)(stop - base));
			}
			if (csv && (masks.quotes | inside)) {
				/* Parity: bit i says whether a quote is open at byte i. */
				uint64_t open = masks.quotes;
				open ^= open << 1;
				open ^= open << 2;
				open ^= open << 4;
				open ^= open << 8;
				open ^= open << 16;
				open ^= open << 32;
				open ^= inside;
				inside = (uint64_t)((int64_t)open >> 63);
				for (uint64_t inner = feeds & open; inner; inner &= inner - 1)
					inner_feed(split, base + (size_t)__builtin_ctzll(inner));
				feeds &= ~open;
				fields &= ~open;
			}
			ends = LOOP(flatten)(ends, (uint32_t)base, fields);
			lines = LOOP(flatten)(lines, (uint32_t)base, feeds);
		}
		split->end_count = (size_t)(ends - split->ends);
		split->line_count = (size_t)(lines - split->lines);
	}
}
