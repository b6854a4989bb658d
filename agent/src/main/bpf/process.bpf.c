// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The core: processes, and whose they are.
 *
 *   fork ─ child inherits {job, step}; a child of a job root opens a step
 *   exec ─ a new image with a new exec id
 *   exit ─ the last thread ends: lineage goes, so that the pid can be used again
 *   iter ─ existing processes below a newly registered root are taken in
 *
 * A child has its lineage before its first instruction, for the fork tracepoint fires before the
 * scheduler may run it. Nothing that a process does to its parent, session, user, namespaces or
 * environment changes its lineage.
 */
#include "process.h"
#include "path.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SIGNAL_GROUP_EXIT 0x4
#define TMPFS_MAGIC 0x01021994

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); /* thread id */
	__type(value, struct process_launch);
} launches SEC(".maps");

/* Credentials right before an exec, from sched_prepare_exec to sched_process_exec. */
struct credentials {
	__u32 euid;
	__u32 egid;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH); /* LRU: an exec that fails in between leaves its entry */
	__uint(max_entries, 1024);
	__type(key, __u32); /* thread id */
	__type(value, struct credentials);
} before_exec SEC(".maps");

/* Programs of one tracepoint never nest on a CPU, so one scratch a CPU is enough. */
struct exec_scratch {
	struct process_exec record;
	struct path_scratch path;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct exec_scratch);
} exec_scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} exec_ids SEC(".maps");

/* Unique while the maps live: a counter per CPU, the CPU in the low bits. Never 0. */
static __always_inline __u64 next_exec_id(void)
{
	__u32 zero = 0;
	__u64 *last = bpf_map_lookup_elem(&exec_ids, &zero);

	if (!last)
		return 0;
	return (__sync_fetch_and_add(last, 1) + 1) << 12 | bpf_get_smp_processor_id();
}

static __always_inline void emit_fork(const struct sp_lineage *child, const struct sp_lineage *parent,
				      __u32 parent_tgid)
{
	struct process_fork *record = sp_reserve(PROCESS_FORK, child, sizeof(*record));

	if (!record)
		return;
	record->head.tid = child->tgid;
	record->parent_exec_id = parent ? parent->exec_id : 0;
	record->start_ns = child->start_ns;
	record->parent_tgid = parent_tgid;
	record->reserved = 0;
	sp_submit(record);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	__u32 tid = pid_tgid, tgid = pid_tgid >> 32, child_tgid = child->tgid;
	struct sp_lineage *from;
	struct sp_lineage lineage = {};

	if (child_tgid == tgid)
		return 0; /* a thread */
	from = bpf_map_lookup_elem(&sp_lineages, &tgid);
	if (from) {
		lineage.job_id = from->job_id;
		lineage.step_id = from->step_id;
		if (from->flags & SP_LINEAGE_ROOT)
			lineage.step_id = __sync_fetch_and_add(&from->next_step, 1) + 1;
	} else {
		struct process_launch *launch = bpf_map_lookup_elem(&launches, &tid);

		if (!launch) {
			/* Never there, unless the exit of the pid's last owner went unseen. */
			bpf_map_delete_elem(&sp_lineages, &child_tgid);
			return 0;
		}
		lineage.job_id = launch->job_id;
		lineage.step_id = launch->step_id;
	}
	lineage.exec_id = next_exec_id();
	lineage.start_ns = BPF_CORE_READ(child, start_boottime);
	lineage.cgroup_id = bpf_get_current_cgroup_id();
	lineage.tgid = child_tgid;
	lineage.euid = BPF_CORE_READ(child, cred, euid.val);
	lineage.egid = BPF_CORE_READ(child, cred, egid.val);
	if (bpf_map_update_elem(&sp_lineages, &child_tgid, &lineage, BPF_ANY))
		sp_fault(FAULT_LINEAGES_FULL);
	emit_fork(&lineage, from, tgid);
	return 0;
}

/* Since 6.10; without it the credentials of the fork or of the latest exec stand in. */
SEC("tp_btf/sched_prepare_exec")
int BPF_PROG(process_prepare_exec, struct task_struct *task, struct linux_binprm *bprm)
{
	struct credentials before;
	__u32 tid = bpf_get_current_pid_tgid();

	if (!sp_current())
		return 0;
	before.euid = BPF_CORE_READ(task, cred, euid.val);
	before.egid = BPF_CORE_READ(task, cred, egid.val);
	bpf_map_update_elem(&before_exec, &tid, &before, BPF_ANY);
	return 0;
}

static __always_inline void fill_credentials(struct process_exec *record, struct task_struct *task,
					     struct linux_binprm *bprm, __u32 old_tid,
					     struct sp_lineage *lineage)
{
	struct credentials *before = bpf_map_lookup_elem(&before_exec, &old_tid);

	record->uid = BPF_CORE_READ(task, cred, uid.val);
	record->gid = BPF_CORE_READ(task, cred, gid.val);
	record->euid = BPF_CORE_READ(task, cred, euid.val);
	record->egid = BPF_CORE_READ(task, cred, egid.val);
	record->euid_before = lineage->euid;
	record->egid_before = lineage->egid;
	if (before) {
		record->euid_before = before->euid;
		record->egid_before = before->egid;
		record->flags |= EXEC_BEFORE_EXACT;
		bpf_map_delete_elem(&before_exec, &old_tid);
	}
	if (BPF_CORE_READ_BITFIELD_PROBED(bprm, secureexec))
		record->flags |= EXEC_SECURE;
	lineage->euid = record->euid;
	lineage->egid = record->egid;
}

/* Appends the path in the scratch to the record's data; returns the bytes appended. */
static __always_inline __u32 append_path(struct exec_scratch *scratch, __u32 at, __u32 cut_flag)
{
	__u32 start = scratch->path.start, length;

	if (scratch->path.cut)
		scratch->record.flags |= cut_flag;
	if (start >= PATH_MAX_BYTES || at > EXEC_PATH_MAX)
		return 0;
	length = PATH_MAX_BYTES - start;
	/* start 0 would mask the length to 0; such a path is cut anyway. */
	bpf_probe_read_kernel(&scratch->record.data[at], length & (PATH_MAX_BYTES - 1),
			      &scratch->path.text[start & (PATH_MAX_BYTES - 1)]);
	return length & (PATH_MAX_BYTES - 1);
}

static __always_inline __u32 append_arguments(struct process_exec *record, struct mm_struct *mm,
					      __u32 at)
{
	unsigned long start = BPF_CORE_READ(mm, arg_start), end = BPF_CORE_READ(mm, arg_end);
	__u64 length = end - start;

	if (end < start)
		return 0;
	record->args_total = length;
	if (length > EXEC_ARGS_MAX - 1) {
		length = EXEC_ARGS_MAX - 1;
		record->flags |= EXEC_ARGS_CUT;
		record->head.flags |= SP_RECORD_TRUNCATED;
	}
	if (at > 2 * EXEC_PATH_MAX)
		return 0;
	if (bpf_probe_read_user(&record->data[at], length & (EXEC_ARGS_MAX - 1), (void *)start)) {
		/* Not mapped in: the process swapped or cleverly unmapped its own stack. */
		record->flags |= EXEC_ARGS_CUT;
		return 0;
	}
	return length & (EXEC_ARGS_MAX - 1);
}

static __always_inline void fill_executable(struct process_exec *record, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	char name[8] = {};

	record->inode = BPF_CORE_READ(inode, i_ino);
	record->device = BPF_CORE_READ(inode, i_sb, s_dev);
	if (BPF_CORE_READ(inode, i_nlink))
		return;
	record->flags |= EXEC_DELETED;
	bpf_probe_read_kernel(name, sizeof(name) - 1, BPF_CORE_READ(dentry, d_name.name));
	if (BPF_CORE_READ(inode, i_sb, s_magic) == TMPFS_MAGIC &&
	    __builtin_memcmp(name, "memfd:", 6) == 0)
		record->flags |= EXEC_MEMFD;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32, zero = 0, at = 0;
	struct sp_lineage *lineage = bpf_map_lookup_elem(&sp_lineages, &tgid);
	struct exec_scratch *scratch;
	struct process_exec *record;
	struct mm_struct *mm;
	struct file *file;

	if (!lineage)
		return 0;
	scratch = bpf_map_lookup_elem(&exec_scratches, &zero);
	if (!scratch) {
		sp_fault(FAULT_SCRATCH);
		return 0;
	}
	record = &scratch->record;
	mm = BPF_CORE_READ(task, mm);
	file = BPF_CORE_READ(mm, exe_file);

	record->head.flags = 0;
	record->head.tid = tgid;
	record->flags = 0;
	record->args_total = 0;
	record->reserved = 0;
	record->reserved2 = 0;
	record->previous_exec_id = lineage->exec_id;
	record->start_ns = lineage->start_ns;
	lineage->exec_id = next_exec_id();
	lineage->flags |= SP_LINEAGE_EXECUTED;
	lineage->cgroup_id = bpf_get_current_cgroup_id();
	fill_credentials(record, task, bprm, old_tid, lineage);
	fill_executable(record, file);

	path_walk(&scratch->path, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt));
	record->path_length = append_path(scratch, at, EXEC_PATH_CUT);
	at += record->path_length;
	path_walk(&scratch->path, BPF_CORE_READ(task, fs, pwd.dentry), BPF_CORE_READ(task, fs, pwd.mnt));
	record->cwd_length = append_path(scratch, at, EXEC_CWD_CUT);
	at += record->cwd_length;
	record->args_length = append_arguments(record, mm, at);
	at += record->args_length;

	if (at > EXEC_DATA_MAX)
		at = EXEC_DATA_MAX;
	sp_output(record, PROCESS_EXEC, lineage, __builtin_offsetof(struct process_exec, data) + at);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct sp_lineage *found, lineage;
	struct process_exit *record;

	found = bpf_map_lookup_elem(&sp_lineages, &tgid);
	if (!found)
		return 0;
	if (BPF_CORE_READ(task, signal, live.counter))
		return 0; /* other threads go on */
	lineage = *found;
	/* Two last threads may both see live == 0 here: whoever deletes the entry tells of the exit. */
	if (bpf_map_delete_elem(&sp_lineages, &tgid))
		return 0;
	record = sp_reserve(PROCESS_EXIT, &lineage, sizeof(*record));
	if (!record)
		return 0;
	record->head.tid = tgid;
	record->start_ns = lineage.start_ns;
	record->status = BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT ?
				 BPF_CORE_READ(task, signal, group_exit_code) :
				 BPF_CORE_READ(task, group_leader, exit_code);
	record->reserved = 0;
	sp_submit(record);
	return 0;
}

/*
 * Lists the existing processes, and gives those below a job's process that job. The caller repeats
 * it until a pass adopts nobody: a process is then either in, or has no parent that is.
 */
SEC("iter/task")
int process_snapshot(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct process_snapshot line = {};
	struct sp_lineage *known, *parent;
	__u32 parent_tgid;

	if (!task || task->pid != task->tgid || !BPF_CORE_READ(task, signal, live.counter))
		return 0;
	line.tgid = task->tgid;
	parent_tgid = BPF_CORE_READ(task, real_parent, tgid);
	line.parent_tgid = parent_tgid;
	line.start_ns = task->start_boottime;
	line.euid = BPF_CORE_READ(task, cred, euid.val);
	bpf_probe_read_kernel(line.comm, sizeof(line.comm), task->comm);

	known = bpf_map_lookup_elem(&sp_lineages, &line.tgid);
	if (known) {
		line.job_id = known->job_id;
	} else {
		parent = bpf_map_lookup_elem(&sp_lineages, &parent_tgid);
		if (parent) {
			struct sp_lineage lineage = {
				.job_id = parent->job_id,
				.step_id = parent->step_id,
				.exec_id = next_exec_id(),
				.start_ns = line.start_ns,
				.tgid = line.tgid,
				.flags = SP_LINEAGE_EXECUTED,
				.euid = line.euid,
				.egid = BPF_CORE_READ(task, cred, egid.val),
			};

			if (parent->flags & SP_LINEAGE_ROOT)
				lineage.step_id = __sync_fetch_and_add(&parent->next_step, 1) + 1;
			/* NOEXIST: a fork hook that was faster knows better. */
			if (!bpf_map_update_elem(&sp_lineages, &line.tgid, &lineage, BPF_NOEXIST)) {
				line.job_id = lineage.job_id;
				line.adopted = 1;
				emit_fork(&lineage, parent, parent_tgid);
				/* Its exit hook ran before the entry was there: nobody else removes it. */
				if (!BPF_CORE_READ(task, signal, live.counter))
					bpf_map_delete_elem(&sp_lineages, &line.tgid);
			}
		}
	}
	bpf_seq_write(context->meta->seq, &line, sizeof(line));
	return 0;
}
