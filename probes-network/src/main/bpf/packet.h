/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A packet's headers: who the peer is and where the payload lies.
 *
 * Read from the packet, not from the socket: an IPv6 socket sends IPv4, a raw socket sends what it
 * likes.
 */
#ifndef SALLYPORT_NET_PACKET_H
#define SALLYPORT_NET_PACKET_H

#include "records.h"

struct net_ipv4 {
	__u8 version_length;
	__u8 tos;
	__be16 total;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__be16 checksum;
	__be32 source;
	__be32 destination;
};

struct net_ipv6 {
	__be32 flow;
	__be16 payload;
	__u8 next;
	__u8 hops;
	union net_address source;
	union net_address destination;
};

struct net_tcp {
	__be16 source;
	__be16 destination;
	__be32 sequence;
	__be32 acknowledged;
	__u8 header_words; /* in the upper half */
	__u8 flags;
	__be16 window;
	__be16 checksum;
	__be16 urgent;
};

#define NET_TCP_SYN 0x02

struct net_packet {
	union net_address peer;
	__u16 peer_port; /* 0 where the protocol has none */
	__u16 local_port;
	__u16 protocol;
	__u8 family; /* 4 or 6 */
	__u8 direction;
	__u8 later_fragment; /* carries no transport header */
	__u8 syn;	     /* of TCP */
	__u32 sequence;	     /* of TCP: of the payload's first byte */
	__u32 transport;     /* where the transport header begins */
	__u32 payload;	     /* where its payload begins */
	__u32 length;	     /* of the payload */
};

#define NET_MAX_EXTENSIONS 8

/* Fills in the network layer. Returns 0, or -1 for what is no IP packet that can be read. */
static __always_inline int net_read_ipv4(struct __sk_buff *skb, struct net_packet *packet)
{
	struct net_ipv4 ip;

	if (bpf_skb_load_bytes(skb, 0, &ip, sizeof(ip)))
		return -1;
	packet->family = 4;
	packet->protocol = ip.protocol;
	packet->transport = (ip.version_length & 0xf) * 4;
	packet->later_fragment = (ip.fragment & bpf_htons(0x1fff)) != 0;
	packet->peer.words[0] = packet->direction == NET_OUT ? ip.destination : ip.source;
	return 0;
}

static __always_inline int net_read_ipv6(struct __sk_buff *skb, struct net_packet *packet)
{
	struct net_ipv6 ip;
	__u32 at = sizeof(ip);
	__u8 next;

	if (bpf_skb_load_bytes(skb, 0, &ip, sizeof(ip)))
		return -1;
	packet->family = 6;
	if (packet->direction == NET_OUT)
		packet->peer = ip.destination;
	else
		packet->peer = ip.source;
	next = ip.next;
	for (int i = 0; i < NET_MAX_EXTENSIONS; i++) {
		__u8 head[4];

		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS &&
		    next != IPPROTO_FRAGMENT && next != IPPROTO_AH) {
			packet->protocol = next;
			packet->transport = at;
			return 0;
		}
		if (bpf_skb_load_bytes(skb, at, head, sizeof(head)))
			return -1;
		if (next == IPPROTO_FRAGMENT) {
			packet->later_fragment = ((head[2] << 8 | head[3]) & 0xfff8) != 0;
			at += 8;
		} else if (next == IPPROTO_AH) {
			at += (head[1] + 2) * 4;
		} else {
			at += (head[1] + 1) * 8;
		}
		next = head[0];
		if (packet->later_fragment) {
			packet->protocol = next;
			packet->transport = at;
			return 0;
		}
	}
	sp_fault(NET_FAULT_HEADERS);
	return -1;
}

static __always_inline int net_read_tcp(struct __sk_buff *skb, struct net_packet *packet)
{
	struct net_tcp tcp;

	if (bpf_skb_load_bytes(skb, packet->transport, &tcp, sizeof(tcp)))
		return -1;
	packet->peer_port = bpf_ntohs(packet->direction == NET_OUT ? tcp.destination : tcp.source);
	packet->syn = (tcp.flags & NET_TCP_SYN) != 0;
	packet->sequence = bpf_ntohl(tcp.sequence) + packet->syn;
	packet->payload = packet->transport + (tcp.header_words >> 4) * 4;
	return 0;
}

static __always_inline int net_read_ports(struct __sk_buff *skb, struct net_packet *packet)
{
	__be16 ports[2];

	if (bpf_skb_load_bytes(skb, packet->transport, ports, sizeof(ports)))
		return -1;
	packet->peer_port = bpf_ntohs(packet->direction == NET_OUT ? ports[1] : ports[0]);
	packet->local_port = bpf_ntohs(packet->direction == NET_OUT ? ports[0] : ports[1]);
	packet->payload = packet->transport + 8;
	return 0;
}

/*
 * Reads the headers of a packet of the job. Returns 0, or -1, counted, where they cannot be read:
 * then a socket with rights over raw packets sent something that is no packet. Not inlined, so that
 * it is verified once.
 */
__noinline int net_read_packet(struct __sk_buff *skb, __u8 direction, struct net_packet *packet)
{
	int error = -1;

	if (!packet)
		return -1;
	__builtin_memset(packet, 0, sizeof(*packet));
	packet->direction = direction;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		error = net_read_ipv4(skb, packet);
	else if (skb->protocol == bpf_htons(ETH_P_IPV6))
		error = net_read_ipv6(skb, packet);
	if (error)
		goto unreadable;

	packet->payload = packet->transport;
	if (!packet->later_fragment) {
		if (packet->protocol == IPPROTO_TCP)
			error = net_read_tcp(skb, packet);
		else if (packet->protocol == IPPROTO_UDP || packet->protocol == IPPROTO_UDPLITE)
			error = net_read_ports(skb, packet);
		if (error)
			goto unreadable;
	}
	packet->length = skb->len > packet->payload ? skb->len - packet->payload : 0;
	return 0;

unreadable:
	sp_fault(NET_FAULT_LOAD);
	return -1;
}

#endif /* SALLYPORT_NET_PACKET_H */
