/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Contacts, and what they carried.
 *
 * TCP: the connect call is the contact, the state changes are its outcome, and the kernel's own
 * counters give the totals when it closes; its packets are not counted here. Everything else is
 * counted packet by packet against the socket's peer of the moment: a new peer is a contact at
 * once, and what the old one got goes out as traffic. Sums over these records are exact.
 */
#ifndef SALLYPORT_NET_FLOW_H
#define SALLYPORT_NET_FLOW_H

#include "packet.h"
#include "socket.h"

/* Puts a record about `exchange` into the ring. */
static __always_inline void net_tell(__u32 event, const struct sp_lineage *owner, __u64 cookie,
				     const struct net_exchange *exchange, __u8 flags, __s32 error)
{
	struct net_flow *flow = sp_reserve(event, owner, sizeof(*flow));

	if (!flow)
		return;
	flow->cookie = cookie;
	flow->bytes_out = exchange->bytes_out;
	flow->bytes_in = exchange->bytes_in;
	flow->packets_out = exchange->packets_out;
	flow->packets_in = exchange->packets_in;
	flow->peer = exchange->peer;
	flow->local.halves[0] = 0;
	flow->local.halves[1] = 0;
	flow->peer_port = exchange->port;
	flow->local_port = exchange->local_port;
	flow->protocol = exchange->protocol;
	flow->family = exchange->family;
	flow->flags = flags;
	flow->error = error;
	flow->reserved = 0;
	sp_submit(flow);
}

/* Tells what an exchange that is over has carried, if anything. */
static __always_inline void net_tell_traffic(const struct sp_lineage *owner, __u64 cookie,
					     const struct net_exchange *exchange)
{
	if (exchange->packets_out || exchange->packets_in)
		net_tell(NET_TRAFFIC, owner, cookie, exchange,
			 exchange->contacted ? NET_FLOW_CONTACTED : 0, 0);
}

/*
 * Makes `process` the socket's owner. What was counted so far was another's doing and is told as
 * such; the next packet is a contact of the new owner.
 */
static __always_inline void net_own(struct net_socket *socket, __u64 cookie,
				    const struct sp_lineage *process)
{
	struct net_exchange over;
	struct sp_lineage owner;

	if (socket->owner.exec_id == process->exec_id)
		return;
	bpf_spin_lock(&socket->lock);
	owner = socket->owner;
	over = socket->exchange;
	socket->owner = *process;
	if (!socket->tcp) /* of TCP the exchange is the connection, whoever holds it */
		__builtin_memset(&socket->exchange, 0, sizeof(socket->exchange));
	bpf_spin_unlock(&socket->lock);
	if (!socket->tcp)
		net_tell_traffic(&owner, cookie, &over);
}

/* A TCP connect call. */
static __always_inline void net_contact(struct net_socket *socket, __u64 cookie,
					const union net_address *peer, __u16 port, __u8 family)
{
	struct net_exchange *exchange = &socket->exchange;

	if (socket->phase == NET_CONNECTING) /* an earlier call that no state change followed */
		net_tell(NET_OUTCOME, &socket->owner, cookie, exchange, 0, -1);
	__builtin_memset(exchange, 0, sizeof(*exchange));
	exchange->peer = *peer;
	exchange->port = port;
	exchange->protocol = IPPROTO_TCP;
	exchange->family = family;
	exchange->contacted = 1;
	socket->phase = NET_CONNECTING;
	socket->accepted = 0;
	net_tell(NET_CONTACT, &socket->owner, cookie, exchange, 0, 0);
}

static __always_inline bool net_same_peer(const struct net_exchange *exchange,
					  const struct net_packet *packet)
{
	return exchange->peer.halves[0] == packet->peer.halves[0] &&
	       exchange->peer.halves[1] == packet->peer.halves[1] &&
	       exchange->port == packet->peer_port && exchange->protocol == packet->protocol &&
	       exchange->family == packet->family;
}

/* Counts a packet of a socket that is not TCP's. */
static __always_inline void net_count(struct __sk_buff *skb, struct net_socket *socket,
				      const struct net_packet *packet)
{
	struct net_exchange *now = &socket->exchange;
	struct net_exchange over = {}, begun;
	struct sp_lineage owner;
	__u32 packets = skb->gso_segs > 1 ? skb->gso_segs : 1;
	bool first = false;

	bpf_spin_lock(&socket->lock);
	if (!net_same_peer(now, packet)) {
		/* A raw socket is given everybody's packets: only its own peer's count. */
		if (packet->direction == NET_IN && packet->protocol != IPPROTO_UDP) {
			bpf_spin_unlock(&socket->lock);
			return;
		}
		over = *now;
		now->peer = packet->peer;
		now->port = packet->peer_port;
		now->local_port = packet->local_port;
		now->protocol = packet->protocol;
		now->family = packet->family;
		now->contacted = 0;
		now->bytes_out = 0;
		now->bytes_in = 0;
		now->packets_out = 0;
		now->packets_in = 0;
	}
	if (packet->direction == NET_OUT) {
		first = !now->contacted;
		now->contacted = 1;
		now->bytes_out += packet->length;
		now->packets_out += packets;
	} else {
		now->bytes_in += packet->length;
		now->packets_in += packets;
	}
	owner = socket->owner;
	begun = *now;
	bpf_spin_unlock(&socket->lock);

	net_tell_traffic(&owner, bpf_get_socket_cookie(skb), &over);
	if (first) {
		begun.bytes_out = 0; /* the counts come with the traffic record, once */
		begun.bytes_in = 0;
		begun.packets_out = 0;
		begun.packets_in = 0;
		net_tell(NET_CONTACT, &owner, bpf_get_socket_cookie(skb), &begun, 0, 0);
	}
}

/* The socket's last file descriptor is gone. */
static __always_inline void net_released(struct net_socket *socket, __u64 cookie, __u32 state)
{
	struct net_exchange *exchange = &socket->exchange;

	if (!socket->tcp) {
		net_tell_traffic(&socket->owner, cookie, exchange);
		__builtin_memset(exchange, 0, sizeof(*exchange));
	} else if (socket->phase == NET_CONNECTING && state == TCP_CLOSE) {
		/* A connect that failed before its first packet, as without a route. */
		net_tell(NET_OUTCOME, &socket->owner, cookie, exchange, 0, -1);
		socket->phase = NET_IDLE;
	}
}

#endif /* SALLYPORT_NET_FLOW_H */
