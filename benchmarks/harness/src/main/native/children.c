// SPDX-License-Identifier: Apache-2.0
/*
 * Starts short processes, one after the other. usage: children COUNT PROGRAM [OUT]
 *
 * With OUT it copies there, after the last of them, its parent's /proc/PID/status: the parent of a
 * job's command is the agent.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int copy_parent_status(const char *target)
{
	char path[64], line[256];
	FILE *in, *out;

	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	in = fopen(path, "r");
	out = fopen(target, "w");
	if (!in || !out) {
		perror(in ? target : path);
		return 73;
	}
	while (fgets(line, sizeof(line), in))
		fputs(line, out);
	fclose(in);
	return fclose(out) ? 74 : 0;
}

int main(int count, char **words)
{
	long processes;

	if (count < 3) {
		fprintf(stderr, "usage: children COUNT PROGRAM [OUT]\n");
		return 64;
	}
	processes = atol(words[1]);
	for (long i = 0; i < processes; i++) {
		char *child_words[] = {words[2], NULL};
		pid_t child;

		if (posix_spawn(&child, words[2], NULL, NULL, child_words, environ)) {
			perror(words[2]);
			return 71;
		}
		waitpid(child, NULL, 0);
	}
	return count > 3 ? copy_parent_status(words[3]) : 0;
}
