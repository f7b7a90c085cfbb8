/* Patterns: within their limits on any subject, and the same answer twice.  Input: the
 * pattern, a line feed, the subject, which is matched as it is and forty times itself. */
#include "fuzz.h"

#include "rule/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view rest = fuzz_bytes(bytes, len);
	struct view source = fuzz_copy(view_cut(&rest, '\n'));
	struct view subject = fuzz_copy(rest);
	struct arena arena = { 0 };
	struct pattern_error error = { .offset = SIZE_MAX };
	struct pattern *pattern = pattern_compile(&arena, source, &error);
	if (!pattern) {
		PROPERTY(error.message[0] && error.offset <= source.len, "a message and a place");
	} else {
		struct pattern_scratch *scratch = pattern_scratch_new();
		struct buf longer = { 0 };
		enum pattern_result first = pattern_match(pattern, scratch, subject);
		for (int i = 0; i < 40; i++)
			buf_put(&longer, subject);
		pattern_match(pattern, scratch, buf_view(&longer));
		PROPERTY(pattern_match(pattern, scratch, subject) == first, "twice");
		buf_release(&longer);
		pattern_scratch_free(scratch);
		pattern_release(pattern);
	}
	arena_release(&arena);
	fuzz_free(source);
	fuzz_free(subject);
	return 0;
}
