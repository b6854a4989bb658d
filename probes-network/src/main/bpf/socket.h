/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whose a socket is, and what the probe remembers of it.
 *
 * A packet program cannot ask which process it runs for: incoming packets run in whoever was
 * interrupted. So the owner is written into the socket itself where a process's own thread is at
 * work (creation, connect, sendmsg, listen), and read back where packets pass. A socket without this
 * state belongs to no job; asking for it is all that it costs such a socket.
 */
#ifndef SALLYPORT_NET_SOCKET_H
#define SALLYPORT_NET_SOCKET_H

#include "records.h"

enum net_phase {
	NET_IDLE,
	NET_CONNECTING, /* a contact was told, its outcome not yet */
	NET_OPEN,
};

/* What of a TCP socket's payload is looked at; nothing of most, most of the time. */
enum net_watch {
	NET_WATCH_NOTHING,
	NET_WATCH_HELLO,   /* waiting for what looks like a ClientHello */
	NET_WATCH_COLLECT, /* within a ClientHello */
	NET_WATCH_DNS,
};

/* The peer of the moment and what went to and fro since it became that. */
struct net_exchange {
	union net_address peer;
	__u16 port;
	__u16 protocol;
	__u8 family; /* 0: none yet */
	__u8 contacted;
	__u16 local_port; /* not of TCP */
	__u64 bytes_out;
	__u64 bytes_in;
	__u32 packets_out;
	__u32 packets_in;
};

/* One direction of a watched TCP stream, in sequence numbers. */
struct net_stream {
	__u32 start; /* of the first byte, once known */
	__u32 next;  /* of the first byte not yet looked at */
	__u32 known; /* whether the two above are */
	__u32 taken; /* bytes put into the ring */
};

struct net_socket {
	struct bpf_spin_lock lock; /* guards owner and exchange: sockets are shared by threads */
	__u32 looks;		   /* segments left to look for a ClientHello in */
	struct sp_lineage owner;
	struct net_exchange exchange;
	struct net_stream stream[2]; /* NET_OUT, NET_IN; a TCP socket's lock guards it */
	__u32 hello_start;
	__u32 hello_end;
	__u8 phase; /* enum net_phase, of TCP */
	__u8 watch; /* enum net_watch, of TCP */
	__u8 accepted;
	__u8 tcp; /* carries TCP: its bytes are counted by the kernel itself */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	/* An accepted socket begins as a copy of its listener, state included. */
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct net_socket);
} net_sockets SEC(".maps");

/* The socket's state if it has any. `sk` is what the program type takes for a socket. */
#define net_find(sk) ((struct net_socket *)bpf_sk_storage_get(&net_sockets, (sk), 0, 0))

/* The socket's state, made where there was none; NULL, and counted, when there is no memory. */
#define net_find_or_make(sk)                                                                       \
	({                                                                                         \
		struct net_socket *__socket = bpf_sk_storage_get(&net_sockets, (sk), 0,            \
								 BPF_SK_STORAGE_GET_F_CREATE);     \
		if (!__socket)                                                                     \
			sp_fault(NET_FAULT_STORAGE);                                               \
		__socket;                                                                          \
	})

#endif /* SALLYPORT_NET_SOCKET_H */
