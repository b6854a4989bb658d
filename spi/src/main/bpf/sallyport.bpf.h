/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What a probe's C includes: the shared maps, the head of every record, and the two calls that put a
 * record into the ring and count it.
 *
 *     struct my_record {
 *             struct sp_header head;          // always first
 *             __u32 something;
 *     };
 *     SP_RECORD(my_record);
 *
 *     SEC("tp_btf/signal_generate")
 *     int BPF_PROG(on_signal, int sig, ...)
 *     {
 *             const struct sp_lineage *process = sp_current();
 *             if (!process)                   // not a process of any job: the cheap way out
 *                     return 0;
 *             struct my_record *record = sp_reserve(MY_EVENT, process, sizeof(*record));
 *             if (!record)                    // ring full: already counted as lost
 *                     return 0;
 *             record->something = sig;
 *             sp_submit(record);
 *             return 0;
 *     }
 *
 * The host makes every object share its own instance of the maps below; a probe never creates them.
 */
#ifndef SALLYPORT_BPF_H
#define SALLYPORT_BPF_H

#include "sallyport_kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define SP_MAX_PROBES 32 /* should match: dev.sallyport.agent.host.SharedMaps */
#define SP_MAX_EVENTS 32 /* event types a probe; should match: SharedMaps */
#define SP_MAX_FAULTS 16 /* fault counters a probe; should match: SharedMaps */

/* The head of every record. should match: dev.sallyport.spi.probe.RecordHeader */
struct sp_header {
	__u64 time_ns;	/* CLOCK_BOOTTIME */
	__u64 sequence; /* counts the records generated on this CPU, lost ones too: a gap is a loss */
	__u64 job_id;
	__u64 exec_id; /* the process image, see struct sp_lineage */
	__u64 cgroup_id;
	__u32 step_id;
	__u32 tgid;
	__u32 tid;
	__u16 probe; /* filled in from sp_probe */
	__u16 event; /* the probe's own event type, below SP_MAX_EVENTS */
	__u16 cpu;
	__u16 flags; /* SP_RECORD_* */
	__u32 reserved;
};

#define SP_RECORD_TRUNCATED 1 /* some variable part did not fit; the record says which */

/*
 * What the core keeps for each process of a job, inherited at fork. Gone before the pid can be used
 * again, so a tgid that is found here is this process and no other.
 */
struct sp_lineage {
	__u64 job_id;
	__u64 exec_id;	/* new at fork and at exec, unique while the maps live: one process image */
	__u64 start_ns; /* CLOCK_BOOTTIME of the process's start: with tgid, its identity */
	__u64 cgroup_id;
	__u32 step_id;
	__u32 tgid;
	__u32 flags;	 /* SP_LINEAGE_* */
	__u32 next_step; /* of a job root: steps opened so far */
	__u32 euid;	 /* as of fork or the latest exec */
	__u32 egid;
};

#define SP_LINEAGE_ROOT 1     /* a runner's worker: each direct child opens a step */
#define SP_LINEAGE_EXECUTED 2 /* this image came by exec, not by fork alone */

struct sp_counts {
	__u64 generated; /* every record wanted, whether it got room or not */
	__u64 lost;	 /* those that got none */
};

/* Shared by all CPUs and mapped by the reader: tells producers whether it sleeps. */
struct sp_reader {
	__u32 sleeping;	      /* 1 while the reader waits for a wake-up */
	__u32 wake_threshold; /* bytes waiting in the ring that are worth one */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 * 1024 * 1024); /* the host sets the real size */
} sp_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768); /* live processes of all jobs; a full map is counted as a fault */
	__type(key, __u32);	    /* tgid */
	__type(value, struct sp_lineage);
} sp_lineages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SP_MAX_PROBES * SP_MAX_EVENTS);
	__type(key, __u32);
	__type(value, struct sp_counts);
} sp_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SP_MAX_PROBES * SP_MAX_FAULTS);
	__type(key, __u32);
	__type(value, __u64);
} sp_faults SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sp_sequences SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sp_reader);
} sp_readers SEC(".maps");

/* The number the host gave this probe; set before load, a constant to the verifier. */
const volatile __u32 sp_probe = 0;

/*
 * Puts a struct that Java reads into the object's BTF, where the host looks for it; the compiler
 * leaves out types that only locals have. Once for each record, at file scope: SP_RECORD(my_record);
 */
#define SP_RECORD(name) const struct name *const volatile sp_record_##name = NULL

SP_RECORD(sp_header);

/*
 * A tracing program (tp_btf and its like) is skipped while another run of it is under way on the same
 * CPU: when a softirq comes in the middle of a process's, what the softirq does is not told. Where a
 * hook runs in both, attach one function twice, as NAME and as NAME_twin, and make the second of two
 * runs for one event do nothing. Then one of the two always runs, and the host, which tells of every
 * skip as a loss, tells of none for these.
 */

/* The current process if it belongs to a job, else NULL. */
static __always_inline struct sp_lineage *sp_current(void)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;

	return bpf_map_lookup_elem(&sp_lineages, &tgid);
}

/* Counts something that went wrong in the kernel and cost information; `fault` < SP_MAX_FAULTS. */
static __always_inline void sp_fault(__u32 fault)
{
	__u32 key = sp_probe * SP_MAX_FAULTS + fault;
	__u64 *count = bpf_map_lookup_elem(&sp_faults, &key);

	if (count)
		__sync_fetch_and_add(count, 1);
}

/*
 * Counts one record as generated and gives its number on this CPU. Atomic although the maps are per
 * CPU: a softirq may run a probe's packet program in the middle of another program's increment.
 */
static __always_inline __u64 sp_count_generated(__u32 event)
{
	__u32 key = sp_probe * SP_MAX_EVENTS + event, zero = 0;
	struct sp_counts *counts = bpf_map_lookup_elem(&sp_counters, &key);
	__u64 *sequence = bpf_map_lookup_elem(&sp_sequences, &zero);

	if (counts)
		__sync_fetch_and_add(&counts->generated, 1);
	return sequence ? __sync_fetch_and_add(sequence, 1) + 1 : 0;
}

static __always_inline void sp_count_lost(__u32 event)
{
	__u32 key = sp_probe * SP_MAX_EVENTS + event;
	struct sp_counts *counts = bpf_map_lookup_elem(&sp_counters, &key);

	if (counts)
		__sync_fetch_and_add(&counts->lost, 1);
}

static __always_inline void sp_fill_header(struct sp_header *head, __u32 event,
					   const struct sp_lineage *process, __u64 sequence)
{
	head->time_ns = bpf_ktime_get_boot_ns();
	head->sequence = sequence;
	head->job_id = process->job_id;
	head->exec_id = process->exec_id;
	head->cgroup_id = process->cgroup_id;
	head->step_id = process->step_id;
	head->tgid = process->tgid;
	head->tid = 0;
	head->probe = sp_probe;
	head->event = event;
	head->cpu = bpf_get_smp_processor_id();
	head->flags = 0;
	head->reserved = 0;
}

/*
 * Wakes the reader only if it sleeps and enough has gathered to be worth the 9 µs of a wake-up. The
 * reader also looks by itself every few milliseconds, so a lone record is never stranded.
 */
static __always_inline __u64 sp_wakeup_flags(void)
{
	__u32 zero = 0;
	struct sp_reader *reader = bpf_map_lookup_elem(&sp_readers, &zero);

	if (!reader || !reader->sleeping)
		return BPF_RB_NO_WAKEUP;
	if (bpf_ringbuf_query(&sp_ring, BPF_RB_AVAIL_DATA) < reader->wake_threshold)
		return BPF_RB_NO_WAKEUP;
	if (!__sync_lock_test_and_set(&reader->sleeping, 0))
		return BPF_RB_NO_WAKEUP; /* another CPU was first */
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * Room for a record of constant `size` on behalf of `process`, its head filled in; NULL when the
 * ring is full, which is counted. What follows the head is not zeroed.
 */
static __always_inline void *sp_reserve(__u32 event, const struct sp_lineage *process, __u64 size)
{
	__u64 sequence = sp_count_generated(event);
	struct sp_header *head = bpf_ringbuf_reserve(&sp_ring, size, 0);

	if (!head) {
		sp_count_lost(event);
		return NULL;
	}
	sp_fill_header(head, event, process, sequence);
	return head;
}

static __always_inline void sp_submit(void *record)
{
	bpf_ringbuf_submit(record, sp_wakeup_flags());
}

/*
 * For records of variable length, built in a map value of the probe's own: fills in the head and
 * copies `size` bytes into the ring. Returns 0, or a negative errno after counting the loss.
 */
static __always_inline long sp_output(void *record, __u32 event, const struct sp_lineage *process,
				      __u64 size)
{
	struct sp_header *head = record;
	__u16 flags = head->flags;
	__u32 tid = head->tid;
	long error;

	sp_fill_header(head, event, process, sp_count_generated(event));
	head->flags = flags;
	head->tid = tid;
	error = bpf_ringbuf_output(&sp_ring, record, size, sp_wakeup_flags());
	if (error)
		sp_count_lost(event);
	return error;
}

#endif /* SALLYPORT_BPF_H */
