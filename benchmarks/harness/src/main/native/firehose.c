// SPDX-License-Identifier: Apache-2.0
/*
 * Calls getppid() so often, so fast; the firehose probe makes records of it.
 * usage: firehose OUT WARM_UP_CALLS CALLS CALLS_PER_SECOND [FIFO]
 *
 * CALLS_PER_SECOND 0 is as fast as it goes; the warm-up goes at a quarter of the speed. With FIFO it
 * opens that for writing at its end, which lets go of a decoder that waits there.
 * Writes to OUT: elapsed_ns of the calls, warm-up left out, and meanwhile cpu_ns of this process,
 * agent_cpu_ns of its parent, which is the agent, and watched_cpu_ns of the process in the environment
 * variable FIREHOSE_WATCH, 0 without.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CHUNK 64 /* calls between two looks at the clock */

static long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void call(long calls, double rate)
{
	long start = now(CLOCK_MONOTONIC), done = 0;

	while (done < calls) {
		for (int i = 0; i < CHUNK && done < calls; i++, done++)
			syscall(SYS_getppid);
		if (rate > 0) {
			long due = start + (long)(done / rate * 1e9), ahead = due - now(CLOCK_MONOTONIC);

			/* Sleeps only when well ahead, so that timer slack does not set the rate. */
			if (ahead > 200000) {
				struct timespec pause = {0, ahead - 60000};

				if (ahead < 1000000000)
					nanosleep(&pause, NULL);
			}
		}
	}
}

/* CPU time of another process; 0 for pid 0. */
static long cpu_of(pid_t pid)
{
	clockid_t clock;

	return pid && !clock_getcpuclockid(pid, &clock) ? now(clock) : 0;
}

/* Not by getppid(): that would be a record more. */
static pid_t parent(void)
{
	FILE *status = fopen("/proc/self/stat", "r");
	int pid = 0;

	if (status) {
		if (fscanf(status, "%*d (%*[^)]) %*c %d", &pid) != 1)
			pid = 0;
		fclose(status);
	}
	return pid;
}

int main(int count, char **words)
{
	const char *watch = getenv("FIREHOSE_WATCH");
	pid_t agent = parent(), watched = watch ? atoi(watch) : 0;
	long warm_up, calls, start, cpu, agent_cpu, watched_cpu;
	double rate;
	FILE *out;

	if (count < 5) {
		fprintf(stderr, "usage: firehose OUT WARM_UP_CALLS CALLS CALLS_PER_SECOND [FIFO]\n");
		return 64;
	}
	warm_up = atol(words[2]);
	calls = atol(words[3]);
	rate = atof(words[4]);
	call(warm_up, rate > 0 ? rate / 4 : 250000);
	start = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	agent_cpu = cpu_of(agent);
	watched_cpu = cpu_of(watched);
	call(calls, rate);
	start = now(CLOCK_MONOTONIC) - start;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	agent_cpu = cpu_of(agent) - agent_cpu;
	watched_cpu = cpu_of(watched) - watched_cpu;
	if (count > 5)
		close(open(words[5], O_WRONLY));
	out = fopen(words[1], "w");
	if (!out) {
		perror(words[1]);
		return 73;
	}
	fprintf(out, "elapsed_ns=%ld\ncpu_ns=%ld\nagent_cpu_ns=%ld\nwatched_cpu_ns=%ld\n", start, cpu,
		agent_cpu, watched_cpu);
	return fclose(out) ? 74 : 0;
}
