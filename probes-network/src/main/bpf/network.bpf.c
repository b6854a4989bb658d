// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a job says to the network: contacts and what they carried, DNS, TLS server names.
 *
 * Here are the hooks; what each does is in the headers, one subject each. Observation only: every
 * program that could refuse lets pass.
 */
#include "dns.h"
#include "flow.h"
#include "opened.h"
#include "tcp.h"
#include "tls.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define NET_PASS 1

SEC("cgroup/sock_create")
int net_created(struct bpf_sock *ctx)
{
	const struct sp_lineage *process = sp_current();
	struct net_socket *socket;

	if (!process)
		return NET_PASS;
	if (ctx->type == SOCK_RAW)
		net_tell_opened(process, ctx->family, ctx->type, ctx->protocol);
	socket = net_find_or_make(ctx);
	if (!socket)
		return NET_PASS;
	socket->owner = *process;
	socket->tcp = ctx->protocol == IPPROTO_TCP || ctx->protocol == IPPROTO_MPTCP;
	return NET_PASS;
}

SEC("cgroup/sock_release")
int net_release(struct bpf_sock *ctx)
{
	struct net_socket *socket = net_find(ctx);

	if (socket)
		net_released(socket, bpf_get_socket_cookie(ctx), ctx->state);
	return NET_PASS;
}

static __always_inline struct net_socket *net_used(struct bpf_sock_addr *ctx)
{
	const struct sp_lineage *process = sp_current();
	struct net_socket *socket;

	if (!process || !ctx->sk)
		return NULL;
	socket = net_find_or_make(ctx->sk);
	if (!socket)
		return NULL;
	socket->tcp = ctx->protocol == IPPROTO_TCP || ctx->protocol == IPPROTO_MPTCP;
	net_own(socket, bpf_get_socket_cookie(ctx), process);
	return socket;
}

static __always_inline void net_connects(struct bpf_sock_addr *ctx, const union net_address *peer,
					 __u8 family)
{
	struct net_socket *socket = net_used(ctx);

	/* connect() of UDP sends nothing, and getaddrinfo() does it to every address it finds. */
	if (!socket || ctx->protocol != IPPROTO_TCP)
		return;
	net_contact(socket, bpf_get_socket_cookie(ctx), peer, bpf_ntohs(ctx->user_port), family);
	net_watch(socket);
}

SEC("cgroup/connect4")
int net_connect4(struct bpf_sock_addr *ctx)
{
	union net_address peer = {};

	peer.words[0] = ctx->user_ip4;
	net_connects(ctx, &peer, 4);
	return NET_PASS;
}

SEC("cgroup/connect6")
int net_connect6(struct bpf_sock_addr *ctx)
{
	union net_address peer;

	peer.words[0] = ctx->user_ip6[0];
	peer.words[1] = ctx->user_ip6[1];
	peer.words[2] = ctx->user_ip6[2];
	peer.words[3] = ctx->user_ip6[3];
	if (peer.halves[0] == 0 && peer.words[2] == bpf_htonl(0xffff)) {
		/* ::ffff:a.b.c.d is IPv4, and connect4 is not asked. */
		peer.words[0] = peer.words[3];
		peer.words[2] = 0;
		peer.words[3] = 0;
		net_connects(ctx, &peer, 4);
	} else {
		net_connects(ctx, &peer, 6);
	}
	return NET_PASS;
}

SEC("cgroup/sendmsg4")
int net_sendmsg4(struct bpf_sock_addr *ctx)
{
	net_used(ctx);
	return NET_PASS;
}

SEC("cgroup/sendmsg6")
int net_sendmsg6(struct bpf_sock_addr *ctx)
{
	net_used(ctx);
	return NET_PASS;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(net_state, const struct sock *sk, const int before, const int after)
{
	if (sk->sk_protocol == IPPROTO_TCP)
		net_tcp_state(sk, before, after);
	return 0;
}

/* The state of the socket that a packet belongs to, NULL for sockets of no job. */
static __always_inline struct net_socket *net_socket_of(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return NULL;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return NULL;
	return net_find(sk);
}

static __always_inline void net_take_other(struct __sk_buff *skb, struct net_socket *socket,
					   __u8 direction)
{
	struct net_packet packet;

	if (net_read_packet(skb, direction, &packet))
		return;
	net_count(skb, socket, &packet);
	if (packet.protocol == IPPROTO_UDP && packet.peer_port == NET_DNS_PORT)
		net_take_dns_udp(skb, socket, &packet);
}

SEC("cgroup_skb/egress")
int net_egress(struct __sk_buff *skb)
{
	struct net_socket *socket = net_socket_of(skb);
	struct net_packet packet;

	if (!socket)
		return NET_PASS;
	if (!socket->tcp) {
		net_take_other(skb, socket, NET_OUT);
		return NET_PASS;
	}
	if (socket->watch == NET_WATCH_NOTHING || net_read_packet(skb, NET_OUT, &packet))
		return NET_PASS;
	if (socket->watch == NET_WATCH_DNS)
		net_take_dns_tcp(skb, socket, &packet);
	else
		net_take_hello(skb, socket, &packet);
	return NET_PASS;
}

SEC("cgroup_skb/ingress")
int net_ingress(struct __sk_buff *skb)
{
	struct net_socket *socket = net_socket_of(skb);
	struct net_packet packet;

	if (!socket)
		return NET_PASS;
	if (!socket->tcp) {
		net_take_other(skb, socket, NET_IN);
		return NET_PASS;
	}
	if (socket->watch == NET_WATCH_COLLECT) {
		/* The server answers: the hello was complete, however many records it took. */
		if (!net_read_packet(skb, NET_IN, &packet) && packet.length)
			socket->watch = NET_WATCH_NOTHING;
	} else if (socket->watch == NET_WATCH_DNS) {
		if (!net_read_packet(skb, NET_IN, &packet))
			net_take_dns_tcp(skb, socket, &packet);
	}
	return NET_PASS;
}

/*
 * Packet and vsock sockets: their creation passes no cgroup hook. Optional, for a system call
 * tracepoint makes every system call of the machine take the slower way in.
 */
SEC("tracepoint/syscalls/sys_enter_socket")
int net_socket_call(struct net_sys_enter *ctx)
{
	const struct sp_lineage *process;

	if (!net_unseen_family(ctx->args[0]))
		return 0;
	process = sp_current();
	if (process)
		net_tell_opened(process, ctx->args[0], ctx->args[1], ctx->args[2]);
	return 0;
}

/* The same by io_uring, which is no system call of its own. Kernels before 6.3 lack the hook. */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(net_socket_request, struct io_kiocb *request)
{
	const struct io_socket *wanted = (const struct io_socket *)&request->cmd;
	const struct sp_lineage *process;
	__u32 family;

	if (request->opcode != bpf_core_enum_value(enum io_uring_op, IORING_OP_SOCKET))
		return 0;
	family = BPF_CORE_READ(wanted, domain);
	if (!net_unseen_family(family))
		return 0;
	process = sp_current();
	if (process)
		net_tell_opened(process, family, BPF_CORE_READ(wanted, type),
				BPF_CORE_READ(wanted, protocol));
	return 0;
}
