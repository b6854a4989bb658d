/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Records and map values that the core shares with Java. should match: dev.sallyport.agent.lineage */
#ifndef SALLYPORT_PROCESS_H
#define SALLYPORT_PROCESS_H

#include "sallyport.bpf.h"

enum process_event {
	PROCESS_FORK,
	PROCESS_EXEC,
	PROCESS_EXIT,
};

enum process_fault {
	FAULT_LINEAGES_FULL,  /* a process of a job could not be tracked */
	FAULT_SCRATCH,	      /* no per-CPU scratch: the exec was recorded as lost */
};

struct process_fork {
	struct sp_header head; /* of the child */
	__u64 parent_exec_id;
	__u64 start_ns;
	__u32 parent_tgid;
	__u32 reserved;
};

#define EXEC_ARGS_CUT 1
#define EXEC_PATH_CUT 2
#define EXEC_CWD_CUT 4
#define EXEC_MEMFD 8
#define EXEC_DELETED 16
#define EXEC_SECURE 32	     /* set-user-id, set-group-id or file capabilities took effect */
#define EXEC_BEFORE_EXACT 64 /* *_before are what held right before this exec, not at the fork */

#define EXEC_PATH_MAX 4096
#define EXEC_ARGS_MAX 4096
#define EXEC_DATA_MAX (2 * EXEC_PATH_MAX + EXEC_ARGS_MAX)

/* Of variable length: data holds the executable's path, the working directory, the arguments. */
struct process_exec {
	struct sp_header head;
	__u64 previous_exec_id;
	__u64 start_ns;
	__u64 inode;
	__u32 device;
	__u32 flags; /* EXEC_* */
	__u32 uid;
	__u32 gid;
	__u32 euid;
	__u32 egid;
	__u32 euid_before;
	__u32 egid_before;
	__u32 args_total; /* bytes that the process was given, before any cut */
	__u16 path_length;
	__u16 cwd_length;
	__u16 args_length;
	__u16 reserved;
	__u32 reserved2;
	char data[EXEC_DATA_MAX];
};

struct process_exit {
	struct sp_header head;
	__u64 start_ns;
	__u32 status;	   /* as wait(2) gives it: code << 8 | signal */
	__u32 reserved;
};

/* One line of the task iterator's output. */
struct process_snapshot {
	__u64 start_ns;
	__u64 job_id;
	__u32 tgid;
	__u32 parent_tgid;
	__u32 euid;
	__u32 adopted; /* 1 when this pass gave it its parent's job */
	char comm[16];
};

/* The key is the id of a thread of the agent that is about to start a job's command. */
struct process_launch {
	__u64 job_id;
	__u32 step_id;
	__u32 reserved;
};

SP_RECORD(process_fork);
SP_RECORD(process_exec);
SP_RECORD(process_exit);
SP_RECORD(process_snapshot);
SP_RECORD(process_launch);

#endif /* SALLYPORT_PROCESS_H */
