/* driver: runs a fuzz target without libFuzzer.   TARGET CORPUS [ROUNDS [SEED]]
 *
 * First every file of the corpus as it stands, then ROUNDS mutations of them, always the
 * same for one seed.  An input that ends the program is left in TARGET.crash.  The last line
 * says how many inputs were tried. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "../unit/gen.h"
#include "fuzz.h"

enum { LONGEST = 4096, FILES_MOST = 1024 };

static struct view files[FILES_MOST];
static size_t file_count;

/* Global: the handlers of a crash have no other way to know it. */
static struct view current;
static const char *target;

/* Words that parsers know: random bytes alone rarely make them. */
static const char *const words[] = {
	",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", "\\", "\\N", "\\t", "#", "\xef\xbb\xbf", "\xff\xfe", "\xff",
	"=", "(", ")", "-", "+86", "-0", "0.005", "1e9", "1.38E+10", "92233720368547758.07", "9223372036854775808", "00",
	"13900001234", "010-82345671", "11010519491231002X", "1380013", "****", "万", "亿", "元", "约", "折", "%", "年",
	"月", "日", "2024-02-29", "2023-02-29", "9999-12-31", "24:00", "14:30:00", "下午", "至", "~", "/", "、", "（", "）",
	"\xef\xbc\x91", "\xe3\x80\x80", "\xe2\x80\x8b", "\xc0\xcf", "\xd6\xd0", "\x80", "\xed\xa0\x80", "\xf0\x9f\x98\x80",
	"先生", "欧阳", "公司", "·", " and ", " or ", "not ", " in ", " =~ ", "==", "!=", "\"x\"", "`a`", "..", "*", "!",
	":number", ":desc", "if(", "sum(", "substr(", "姓名", "手机", "合计", "note", "x_", "id", "(?", "[^", "{2,}", "\\p{Han}",
};

static void load(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	if (!dir) {
		perror(folder);
		exit(1);
	}
	while ((entry = readdir(dir)) && file_count < FILES_MOST) {
		char text[LONGEST];
		int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		ssize_t len = entry->d_name[0] == '.' || fd < 0 ? -1 : read(fd, text, sizeof text);
		if (fd >= 0)
			close(fd);
		if (len < 0)
			continue;
		files[file_count++] = fuzz_copy(view(text, (size_t)len));
	}
	closedir(dir);
}

static int by_bytes(const void *a, const void *b)
{
	return view_compare(*(const struct view *)a, *(const struct view *)b);
}

/* Puts `piece` in place of `out` bytes at `at`. */
static size_t put_in(char *text, size_t len, size_t at, size_t out, struct view piece)
{
	if (piece.len > LONGEST - (len - out))
		return len;
	memmove(text + at + piece.len, text + at + out, len - at - out);
	if (piece.len)
		memcpy(text + at, piece.ptr, piece.len);
	return len - out + piece.len;
}

static size_t mutate(uint64_t *state, char *text, size_t len)
{
	char random[LONGEST];
	size_t at = gen_below(state, len + 1), out = gen_below(state, len - at + 1), from, n;
	struct view file;
	switch (gen_below(state, 8)) {
	case 0: /* one bit */
		if (at < len)
			text[at] = (char)(text[at] ^ 1 << gen_below(state, 8));
		return len;
	case 1: /* one byte more */
		random[0] = (char)gen_next(state);
		return put_in(text, len, at, 0, view(random, 1));
	case 2: /* some bytes less */
		return put_in(text, len, at, out < 16 ? out : out % 16, view("", 0));
	case 3: /* some bytes again */
		n = out < 64 ? out : out % 64;
		memcpy(random, text + at, n);
		return put_in(text, len, gen_below(state, len + 1), 0, view(random, n));
	case 4: /* a piece of another file */
		file = files[gen_below(state, file_count)];
		from = gen_below(state, file.len + 1);
		return put_in(text, len, at, 0, view_first(view_skip(file, from), gen_below(state, 64)));
	default: /* a word, in place of as many bytes or before them */
		file = view_of(words[gen_below(state, sizeof words / sizeof *words)]);
		return put_in(text, len, at, gen_below(state, 2) ? 0 : out < file.len ? out : file.len, file);
	}
}

static void try_input(struct view input)
{
	current = fuzz_copy(input);
	LLVMFuzzerTestOneInput((const uint8_t *)current.ptr, current.len);
	fuzz_free(current);
	current = view("", 0);
}

static void keep_input(void)
{
	char name[4096];
	snprintf(name, sizeof name, "%s.crash", target);
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, current.ptr, current.len) < 0)
		return;
	fprintf(stderr, "input kept in %s (%zu bytes)\n", name, current.len);
}

static void on_signal(int number)
{
	keep_input();
	signal(number, SIG_DFL);
	raise(number);
}

#ifdef __SANITIZE_ADDRESS__
void __sanitizer_set_death_callback(void (*callback)(void));
#endif

int main(int argc, char **argv)
{
	uint64_t rounds = 0, seed = 1, state;
	if (argc < 2 || (argc > 2 && !view_parse_u64(view_of(argv[2]), 0, UINT64_MAX, &rounds)) ||
	    (argc > 3 && !view_parse_u64(view_of(argv[3]), 0, UINT64_MAX, &seed))) {
		fprintf(stderr, "usage: %s CORPUS [ROUNDS [SEED]]\n", argv[0]);
		return 2;
	}
	target = argv[0];
	signal(SIGABRT, on_signal);
	signal(SIGALRM, on_signal);
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_set_death_callback(keep_input);
#endif
	load(argv[1]);
	qsort(files, file_count, sizeof *files, by_bytes); /* a folder has no order */
	for (size_t i = 0; i < file_count; i++)
		try_input(files[i]);
	state = seed;
	for (uint64_t i = 0; i < rounds && file_count; i++) {
		char text[LONGEST];
		struct view file = files[gen_below(&state, file_count)];
		size_t len = put_in(text, 0, 0, 0, file);
		for (uint64_t n = 1 + gen_below(&state, 6); n; n--)
			len = mutate(&state, text, len);
		if (i % 256 == 0)
			alarm(60); /* one that does not end */
		try_input(view(text, len));
	}
	for (size_t i = 0; i < file_count; i++)
		fuzz_free(files[i]);
	printf("%s: %llu inputs\n", target, (unsigned long long)(file_count + rounds));
	return 0;
}
