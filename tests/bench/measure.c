/* measure: how long a command takes, and its peak memory.
 *
 *     measure RECORD OUTPUT COMMAND [ARGUMENT]...
 *
 * Runs COMMAND with its standard output in OUTPUT, appends a line `SECONDS KIBIBYTES` to
 * RECORD, and ends with the command's status.  time(1) tells hundredths of a second, which
 * is too coarse here. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t microseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int fail(const char *what)
{
	perror(what);
	return 125;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return fputs("usage: measure RECORD OUTPUT COMMAND [ARGUMENT]...\n", stderr), 125;
	int out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0)
		return fail(argv[2]);
	int64_t start = microseconds();
	pid_t child = vfork();
	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	int status;
	struct rusage usage;
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return fail(argv[3]);
	int64_t taken = microseconds() - start;
	FILE *record = fopen(argv[1], "a");
	if (!record)
		return fail(argv[1]);
	fprintf(record, "%" PRId64 ".%06" PRId64 " %ld\n", taken / 1000000, taken % 1000000, usage.ru_maxrss);
	if (fclose(record) != 0)
		return fail(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
