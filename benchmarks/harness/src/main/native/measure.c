// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command and writes what it took. usage: measure OUT COMMAND [ARG...]
 *
 * Writes to OUT: start_ns (CLOCK_BOOTTIME right before the fork), elapsed_ns, user_ns, system_ns and
 * max_rss_kib of the command with all its descendants that were waited for, and its status.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long nanos(struct timeval time)
{
	return time.tv_sec * 1000000000L + time.tv_usec * 1000L;
}

int main(int count, char **words)
{
	struct rusage usage;
	int status = 0;
	long start, end;
	pid_t child;
	FILE *out;

	if (count < 3) {
		fprintf(stderr, "usage: measure OUT COMMAND [ARG...]\n");
		return 64;
	}
	start = now();
	child = fork();
	if (child < 0) {
		perror("fork");
		return 71;
	}
	if (child == 0) {
		execvp(words[2], words + 2);
		perror(words[2]);
		_exit(127);
	}
	wait4(child, &status, 0, &usage);
	end = now();
	out = fopen(words[1], "w");
	if (!out) {
		perror(words[1]);
		return 73;
	}
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fprintf(out,
		"start_ns=%ld\nelapsed_ns=%ld\nuser_ns=%ld\nsystem_ns=%ld\nmax_rss_kib=%ld\nstatus=%d\n",
		start, end - start, nanos(usage.ru_utime), nanos(usage.ru_stime), usage.ru_maxrss,
		status);
	return fclose(out) ? 74 : status;
}
