/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Payload into the ring.
 *
 * Straight from the packet into reserved ring memory. No map in between: a softirq may run the same
 * program on the same CPU in the middle of another run of it, and per-CPU scratch would then hold
 * two packets' bytes.
 */
#ifndef SALLYPORT_NET_BYTES_H
#define SALLYPORT_NET_BYTES_H

#include "packet.h"
#include "socket.h"

#define NET_PIECE 4096 /* the most that one record carries */

/*
 * A stretch of a packet on its way into the ring, by value: a function of its own cannot be given a
 * socket's state.
 */
struct net_stretch {
	struct sp_lineage owner;
	union net_address peer;
	__u64 cookie;
	__u32 event;
	__u32 at;     /* where in the packet the next part begins */
	__u32 left;   /* bytes from there on */
	__u32 part;   /* bytes of one part: of a datagram, or of what is cut for its size alone */
	__u32 offset; /* of the next part in the stream */
	__u32 least;  /* parts that are shorter are of no use */
	__u16 peer_port;
	__u8 family;
	__u8 direction;
};

/* `room` is a power of two and a constant, as a reservation must be; `length` is 1 to `room`. */
static __always_inline void net_put_sized(struct __sk_buff *skb, const struct net_stretch *stretch,
					  __u32 length, __u32 whole, __u32 room)
{
	struct net_bytes *record =
		sp_reserve(stretch->event, &stretch->owner, sizeof(*record) + room);
	__u32 last = length - 1;

	if (!record)
		return;
	/* Hidden from the compiler, which would drop the mask that the verifier of 6.1 needs. */
	asm volatile("" : "+r"(last));
	last &= room - 1;
	if (bpf_skb_load_bytes(skb, stretch->at, record + 1, last + 1)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		sp_fault(NET_FAULT_LOAD);
		return;
	}
	record->cookie = stretch->cookie;
	record->peer = stretch->peer;
	record->offset = stretch->offset;
	record->length = last + 1;
	record->whole = whole;
	record->peer_port = stretch->peer_port;
	record->family = stretch->family;
	record->direction = stretch->direction;
	if (whole > length)
		record->head.flags |= SP_RECORD_TRUNCATED;
	sp_submit(record);
}

/*
 * Puts the next part into the ring, and steps past it. Returns how much is left.
 *
 * Size classes, for most messages are small. Not inlined, so that the verifier walks through it once
 * and not once for every turn of the loop around it.
 */
__noinline int net_put_part(struct __sk_buff *skb, struct net_stretch *stretch)
{
	__u32 whole, length;

	if (!stretch)
		return 0;
	whole = stretch->left < stretch->part ? stretch->left : stretch->part;
	length = whole < NET_PIECE ? whole : NET_PIECE;
	if (length && length >= stretch->least) {
		if (length <= 128)
			net_put_sized(skb, stretch, length, whole, 128);
		else if (length <= 512)
			net_put_sized(skb, stretch, length, whole, 512);
		else if (length <= 2048)
			net_put_sized(skb, stretch, length, whole, 2048);
		else
			net_put_sized(skb, stretch, length, whole, NET_PIECE);
	}
	stretch->at += whole;
	stretch->offset += whole;
	stretch->left -= whole;
	return stretch->left > 0;
}

/* Puts `stretch` into the ring in at most `parts`, a constant; a rest is counted as not read. */
static __always_inline void net_put(struct __sk_buff *skb, struct net_stretch *stretch, int parts)
{
	for (int i = 0; i < parts; i++)
		if (!net_put_part(skb, stretch))
			return;
	sp_fault(NET_FAULT_REST);
}

/* The whole payload of a packet. */
static __always_inline void net_begin_stretch(struct __sk_buff *skb,
					      const struct net_socket *socket,
					      const struct net_packet *packet, __u32 event,
					      struct net_stretch *stretch)
{
	__builtin_memset(stretch, 0, sizeof(*stretch));
	stretch->owner = socket->owner;
	stretch->peer = packet->peer;
	stretch->cookie = bpf_get_socket_cookie(skb);
	stretch->event = event;
	stretch->at = packet->payload;
	stretch->left = packet->length;
	stretch->part = NET_PIECE;
	stretch->peer_port = packet->peer_port;
	stretch->family = packet->family;
	stretch->direction = packet->direction;
}

#endif /* SALLYPORT_NET_BYTES_H */
