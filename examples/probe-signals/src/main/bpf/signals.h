/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the C writes and the Java reads. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <sallyport.bpf.h>

/* Event types: their places in SignalProbe's list. */
#define SIGNAL_SENT 0


/* should match: org.example.signals.SignalDecoder.LAYOUT */
struct signal_sent {
	struct sp_header head; /* always first */
	__u32 number;	       /* SIGTERM is 15 */
	__u32 target;	       /* process id of whom it is sent to */
	__u8 same_job;	       /* 1 when the target belongs to the sender's job */
	__u8 target_comm[16];  /* the target's short name, ended by a zero byte */
	__u8 reserved[7];      /* padding has a name, and is zeroed: it goes to user space too */
};
SP_RECORD(signal_sent);

#endif /* SIGNALS_H */
