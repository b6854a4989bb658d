/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What TCP's own state changes tell: outcomes, totals, listening, accepted connections. */
#ifndef SALLYPORT_NET_TCP_H
#define SALLYPORT_NET_TCP_H

#include "dns.h"
#include "flow.h"
#include "tls.h"

/* Decides what of a new connection's payload is looked at. */
static __always_inline void net_watch(struct net_socket *socket)
{
	__builtin_memset(socket->stream, 0, sizeof(socket->stream));
	if (socket->exchange.port == NET_DNS_PORT)
		socket->watch = NET_WATCH_DNS;
	else
		net_watch_hello(socket);
}

static __always_inline __u8 net_read_peer(const struct sock *sk, union net_address *address)
{
	__u32 word = sk->__sk_common.skc_daddr;

	__builtin_memset(address, 0, sizeof(*address));
	if (sk->__sk_common.skc_family == AF_INET) {
		address->words[0] = word;
		return 4;
	}
	BPF_CORE_READ_INTO(address, sk, __sk_common.skc_v6_daddr);
	if (address->halves[0] == 0 && address->words[2] == bpf_htonl(0xffff)) {
		address->words[0] = word;
		address->words[2] = 0;
		address->words[3] = 0;
		return 4;
	}
	return 6;
}

static __always_inline void net_read_local(const struct sock *sk, union net_address *address,
					   __u8 family)
{
	__builtin_memset(address, 0, sizeof(*address));
	if (family == 4)
		address->words[0] = sk->__sk_common.skc_rcv_saddr;
	else
		BPF_CORE_READ_INTO(address, sk, __sk_common.skc_v6_rcv_saddr);
}

/* Tells of a listening or an accepted socket. */
static __always_inline void net_tell_server(__u32 event, const struct sock *sk,
					    const struct net_socket *socket, __u64 cookie,
					    __u8 family)
{
	struct net_flow *flow = sp_reserve(event, &socket->owner, sizeof(*flow));

	if (!flow)
		return;
	__builtin_memset((void *)flow + sizeof(flow->head), 0, sizeof(*flow) - sizeof(flow->head));
	flow->cookie = cookie;
	flow->peer = socket->exchange.peer;
	flow->peer_port = socket->exchange.port;
	flow->local_port = sk->__sk_common.skc_num;
	flow->protocol = IPPROTO_TCP;
	flow->family = family;
	net_read_local(sk, &flow->local, family);
	sp_submit(flow);
}

static __always_inline void net_tcp_listens(const struct sock *sk)
{
	const struct sp_lineage *process = sp_current();
	struct net_socket *socket = process ? net_find_or_make((void *)sk) : net_find((void *)sk);
	__u64 cookie = bpf_get_socket_cookie((void *)sk);

	if (!socket)
		return;
	socket->tcp = 1;
	socket->phase = NET_IDLE;
	socket->watch = NET_WATCH_NOTHING;
	if (process)
		net_own(socket, cookie, process);
	__builtin_memset(&socket->exchange, 0, sizeof(socket->exchange));
	net_tell_server(NET_LISTEN, sk, socket, cookie,
			sk->__sk_common.skc_family == AF_INET ? 4 : 6);
}

/*
 * A multipath connection's TCP socket is made by the kernel, which no hook tells of, and connected
 * here, still in the caller's thread.
 */
static __always_inline void net_tcp_connects(const struct sock *sk)
{
	const struct sp_lineage *process = sp_current();
	struct net_socket *socket = net_find((void *)sk);
	struct net_exchange *exchange;

	if (socket && socket->phase == NET_CONNECTING)
		return;
	if (!process)
		return;
	socket = net_find_or_make((void *)sk);
	if (!socket)
		return;
	socket->tcp = 1;
	net_own(socket, bpf_get_socket_cookie((void *)sk), process);
	exchange = &socket->exchange;
	__builtin_memset(exchange, 0, sizeof(*exchange));
	exchange->family = net_read_peer(sk, &exchange->peer);
	exchange->port = bpf_ntohs(sk->__sk_common.skc_dport);
	exchange->protocol = IPPROTO_TCP;
	exchange->contacted = 1;
	socket->phase = NET_CONNECTING;
	net_watch(socket);
	net_tell(NET_CONTACT, &socket->owner, bpf_get_socket_cookie((void *)sk), exchange, 0, 0);
}

static __always_inline void net_tcp_established(const struct sock *sk, struct net_socket *socket)
{
	struct net_exchange *exchange = &socket->exchange;
	__u64 cookie = bpf_get_socket_cookie((void *)sk);

	if (socket->phase == NET_CONNECTING) {
		socket->phase = NET_OPEN;
		net_tell(NET_OUTCOME, &socket->owner, cookie, exchange, 0, 0);
		return;
	}
	socket->phase = NET_OPEN;
	socket->accepted = 1;
	exchange->family = net_read_peer(sk, &exchange->peer);
	exchange->port = bpf_ntohs(sk->__sk_common.skc_dport);
	exchange->protocol = IPPROTO_TCP;
	net_tell_server(NET_ACCEPT, sk, socket, cookie, exchange->family);
}

/* The kernel counts the peer's FIN as a byte received. */
static __always_inline bool net_fin_received(const struct sock *sk)
{
	return sk->__sk_common.skc_flags &
	       (1UL << bpf_core_enum_value(enum sock_flags, SOCK_DONE));
}

static __always_inline void net_tcp_closed(const struct sock *sk, struct net_socket *socket)
{
	struct net_exchange *exchange = &socket->exchange;
	__u64 cookie = bpf_get_socket_cookie((void *)sk);
	__u8 phase = socket->phase;

	socket->phase = NET_IDLE;
	socket->watch = NET_WATCH_NOTHING;
	if (phase == NET_CONNECTING) {
		__s32 error = sk->sk_err;

		net_tell(NET_OUTCOME, &socket->owner, cookie, exchange, 0, error ? error : -1);
	} else if (phase == NET_OPEN) {
		struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);

		if (tcp) {
			exchange->bytes_out = tcp->bytes_sent - tcp->bytes_retrans;
			exchange->bytes_in = tcp->bytes_received - net_fin_received(sk);
		}
		net_tell(NET_TRAFFIC, &socket->owner, cookie, exchange,
			 socket->accepted ? NET_FLOW_ACCEPTED : NET_FLOW_CONTACTED, 0);
	}
}

static __always_inline void net_tcp_state(const struct sock *sk, int before, int after)
{
	struct net_socket *socket;

	if (after == TCP_LISTEN) {
		net_tcp_listens(sk);
		return;
	}
	if (after == TCP_SYN_SENT) {
		net_tcp_connects(sk);
		return;
	}
	if (after != TCP_ESTABLISHED && after != TCP_SYN_RECV && after != TCP_CLOSE)
		return;
	socket = net_find((void *)sk);
	if (!socket)
		return;
	if (after == TCP_ESTABLISHED) {
		net_tcp_established(sk, socket);
	} else if (after == TCP_CLOSE) {
		net_tcp_closed(sk, socket);
	} else if (before != TCP_SYN_SENT) { /* a listener's copy, not a simultaneous open */
		socket->phase = NET_IDLE;
		socket->watch = NET_WATCH_NOTHING;
		__builtin_memset(&socket->exchange, 0, sizeof(socket->exchange));
	}
}

#endif /* SALLYPORT_NET_TCP_H */
