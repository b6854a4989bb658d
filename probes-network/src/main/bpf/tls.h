/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * TLS: the ClientHello of the connections that a job makes, on any port.
 *
 * The first few segments that the client sends are looked at, not only the very first, so that a
 * hello behind a proxy's CONNECT, SOCKS or a STARTTLS is found too. Once one was found and taken, or
 * was not there, the socket's payload is never looked at again.
 */
#ifndef SALLYPORT_NET_TLS_H
#define SALLYPORT_NET_TLS_H

#include "bytes.h"

#define NET_HELLO_LOOKS 8
#define NET_HELLO_MOST (16 * 1024) /* bytes of a hello that are taken */
#define NET_HELLO_HEAD 9	   /* record header and handshake header */

#define NET_TLS_HANDSHAKE 0x16
#define NET_TLS_CLIENT_HELLO 0x01

/*
 * How many bytes, from the payload's first, belong to a ClientHello: 0 when there is none,
 * NET_HELLO_MOST when the segment does not tell.
 */
static __always_inline __u32 net_hello_length(struct __sk_buff *skb, const struct net_packet *packet)
{
	__u8 head[NET_HELLO_HEAD] = {};
	__u32 record, message;

	if (packet->length < NET_HELLO_HEAD) {
		/* A client may write byte by byte to hide: the first byte must do. */
		if (bpf_skb_load_bytes(skb, packet->payload, head, 1)) {
			sp_fault(NET_FAULT_LOAD);
			return 0;
		}
		return head[0] == NET_TLS_HANDSHAKE ? NET_HELLO_MOST : 0;
	}
	if (bpf_skb_load_bytes(skb, packet->payload, head, sizeof(head))) {
		sp_fault(NET_FAULT_LOAD);
		return 0;
	}
	if (head[0] != NET_TLS_HANDSHAKE || head[1] != 3 || head[5] != NET_TLS_CLIENT_HELLO)
		return 0;
	record = head[3] << 8 | head[4];
	message = head[6] << 16 | head[7] << 8 | head[8];
	if (message + 4 <= record && message + 9 <= NET_HELLO_MOST)
		return message + 9;
	return NET_HELLO_MOST; /* in several records */
}

static __always_inline void net_watch_hello(struct net_socket *socket)
{
	socket->watch = NET_WATCH_HELLO;
	socket->looks = NET_HELLO_LOOKS;
}

/* A segment that the client sends while a hello is awaited or under way. */
static __always_inline void net_take_hello(struct __sk_buff *skb, struct net_socket *socket,
					   const struct net_packet *packet)
{
	struct net_stream *stream = &socket->stream[NET_OUT];
	__u32 end = packet->sequence + packet->length, skip;
	struct net_stretch stretch;

	if (packet->syn || !stream->known) {
		stream->next = packet->sequence;
		stream->known = 1;
	}
	if (!packet->length || (__s32)(end - stream->next) <= 0)
		return; /* nothing new: sent again */
	skip = (__s32)(stream->next - packet->sequence) > 0 ? stream->next - packet->sequence : 0;

	if (socket->watch == NET_WATCH_HELLO) {
		__u32 length = skip ? 0 : net_hello_length(skb, packet);

		if (!length) {
			stream->next = end;
			if (socket->looks <= 1)
				socket->watch = NET_WATCH_NOTHING;
			else
				socket->looks--;
			return;
		}
		socket->hello_start = packet->sequence;
		socket->hello_end = packet->sequence + length;
		socket->watch = NET_WATCH_COLLECT;
	}
	stream->next = end;
	net_begin_stretch(skb, socket, packet, NET_HELLO, &stretch);
	stretch.at += skip;
	stretch.left -= skip;
	stretch.offset = packet->sequence + skip - socket->hello_start;
	if ((__s32)(end - socket->hello_end) >= 0) {
		stretch.left -= end - socket->hello_end;
		socket->watch = NET_WATCH_NOTHING;
	}
	net_put(skb, &stretch, NET_HELLO_MOST / NET_PIECE);
}

#endif /* SALLYPORT_NET_TLS_H */
