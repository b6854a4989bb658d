/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The kernel's types for sockets and packets, as far as this probe reads them. */
#ifndef SALLYPORT_NET_KERNEL_H
#define SALLYPORT_NET_KERNEL_H

#include "sallyport.bpf.h"
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10
#define AF_PACKET 17
#define AF_VSOCK 40

#define SOCK_STREAM 1
#define SOCK_RAW 3
#define SOCK_TYPE_MASK 0xf

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

#define IPPROTO_HOPOPTS 0
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60
#define IPPROTO_UDPLITE 136
#define IPPROTO_MPTCP 262

/* enum tcp states, part of the kernel's ABI through sock_diag */
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_LISTEN 10

struct net_in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct net_in6_addr skc_v6_daddr;
	struct net_in6_addr skc_v6_rcv_saddr;
	unsigned long skc_flags;
} SP_CORE;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	int sk_err;
} SP_CORE;

struct tcp_sock {
	__u64 bytes_sent;
	__u64 bytes_retrans;
	__u64 bytes_received;
} SP_CORE;

enum sock_flags {
	SOCK_DONE = 1,
};

/* What an io_uring request carries; of IORING_OP_SOCKET, a struct io_socket lies in `cmd`. */
struct io_cmd_data {
	__u8 data[56];
} SP_CORE;

struct io_kiocb {
	struct io_cmd_data cmd;
	__u8 opcode;
} SP_CORE;

struct io_socket {
	int domain;
	int type;
	int protocol;
} SP_CORE;

enum io_uring_op {
	IORING_OP_SOCKET = 45,
};

/* First fields of the record of tracepoint syscalls/sys_enter_*, fixed by the kernel. */
struct net_sys_enter {
	__u64 common;
	__s64 number;
	__u64 args[6];
};

#endif /* SALLYPORT_NET_KERNEL_H */
