/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * DNS: what the job's sockets say to port 53 and hear from it, on any interface, so that local
 * resolvers are included. The messages are understood in Java; here only their bytes are taken.
 */
#ifndef SALLYPORT_NET_DNS_H
#define SALLYPORT_NET_DNS_H

#include "bytes.h"

#define NET_DNS_PORT 53
#define NET_DNS_HEADER 12
#define NET_DNS_BUDGET (1024 * 1024) /* bytes of one direction of a connection that are looked at */
#define NET_MAX_DATAGRAMS 128	     /* that one send with UDP_SEGMENT can make */
#define NET_MAX_SEGMENT (64 * 1024)  /* that the kernel makes of TCP payload */

static __always_inline void net_take_dns_udp(struct __sk_buff *skb, const struct net_socket *socket,
					     const struct net_packet *packet)
{
	struct net_stretch stretch;

	net_begin_stretch(skb, socket, packet, NET_DNS, &stretch);
	stretch.least = NET_DNS_HEADER;
	/* With UDP_SEGMENT several datagrams are still in one buffer: a query could hide behind another. */
	stretch.part = skb->gso_size ? skb->gso_size : packet->length;
	net_put(skb, &stretch, NET_MAX_DATAGRAMS);
}

/* A segment of a DNS connection. Order and repeats are Java's affair; the budget is ours. */
static __always_inline void net_take_dns_tcp(struct __sk_buff *skb, struct net_socket *socket,
					     const struct net_packet *packet)
{
	struct net_stream *stream = &socket->stream[packet->direction == NET_OUT ? NET_OUT : NET_IN];
	struct net_stretch stretch;

	if (packet->syn || !stream->known) {
		stream->start = packet->sequence;
		stream->known = 1;
	}
	if (!packet->length)
		return;
	if (stream->taken >= NET_DNS_BUDGET) {
		sp_fault(NET_FAULT_DNS_BUDGET);
		socket->watch = NET_WATCH_NOTHING;
		return;
	}
	stream->taken += packet->length;
	net_begin_stretch(skb, socket, packet, NET_DNS_TCP, &stretch);
	stretch.offset = packet->sequence - stream->start;
	net_put(skb, &stretch, NET_MAX_SEGMENT / NET_PIECE);
}

#endif /* SALLYPORT_NET_DNS_H */
