// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Signals that a job's processes send to other processes. */
#include "signals.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * A kernel type that Sallyport's header lacks: only the fields that are read. SP_CORE makes libbpf
 * move their offsets to where the running kernel has them.
 */
struct kernel_siginfo {
	int si_code;
} SP_CORE;

/* In place of a siginfo: the sender gave none, and the kernel itself sends. See SEND_SIG_NOINFO. */
#define SEND_SIG_PRIV 1

/* kill(2) has code 0 and all other calls by which a process sends a signal have negative ones. */
static __always_inline bool sent_by_process(const struct kernel_siginfo *info)
{
	if ((unsigned long)info <= SEND_SIG_PRIV)
		return (unsigned long)info != SEND_SIG_PRIV;
	return BPF_CORE_READ(info, si_code) <= 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_generate, int number, struct kernel_siginfo *info, struct task_struct *task)
{
	const struct sp_lineage *sender = sp_current(), *target;
	__u32 target_tgid;
	struct signal_sent *record;

	if (!sender || !sent_by_process(info)) /* nearly always: the cheap way out comes first */
		return 0;
	target_tgid = BPF_CORE_READ(task, tgid);
	if (target_tgid == sender->tgid)
		return 0;
	target = bpf_map_lookup_elem(&sp_lineages, &target_tgid);

	record = sp_reserve(SIGNAL_SENT, sender, sizeof(*record));
	if (!record) /* the ring is full: counted as lost already */
		return 0;
	record->number = number;
	record->target = target_tgid;
	record->same_job = target && target->job_id == sender->job_id;
	BPF_CORE_READ_INTO(&record->target_comm, task, comm);
	__builtin_memset(record->reserved, 0, sizeof(record->reserved));
	sp_submit(record);
	return 0;
}
