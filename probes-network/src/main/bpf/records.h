/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What this probe puts into the ring. should match: dev.sallyport.probe.network.Records */
#ifndef SALLYPORT_NET_RECORDS_H
#define SALLYPORT_NET_RECORDS_H

#include "net_kernel.h"

/* Event types; their order is that of the probe's descriptor. */
enum net_event {
	NET_CONTACT, /* struct net_flow: a TCP connect call, or the first packet to a destination */
	NET_OUTCOME, /* struct net_flow: the TCP connection is made, or has failed */
	NET_TRAFFIC, /* struct net_flow: totals; this socket is done with this peer */
	NET_LISTEN,  /* struct net_flow: a TCP socket listens */
	NET_ACCEPT,  /* struct net_flow: a peer's TCP connection is made */
	NET_SOCKET,  /* struct net_opened: a raw, packet or vsock socket was asked for */
	NET_DNS,     /* struct net_bytes: one DNS message over UDP */
	NET_DNS_TCP, /* struct net_bytes: a piece of a DNS connection */
	NET_HELLO,   /* struct net_bytes: a piece of a TLS ClientHello */
};

/* Fault counters; their order is that of the probe's descriptor. */
enum net_fault {
	NET_FAULT_STORAGE,    /* no memory for a socket's state: the socket is not seen */
	NET_FAULT_LOAD,	      /* a packet's bytes could not be read */
	NET_FAULT_HEADERS,    /* IPv6 extension headers longer than is read */
	NET_FAULT_DNS_BUDGET, /* a DNS connection carried more than is looked at */
	NET_FAULT_REST,	      /* a packet carried more than is looked at */
};

/* IPv4 in the first four bytes, the rest zero. Compared as two words. */
union net_address {
	__u8 bytes[16];
	__u32 words[4];
	__u64 halves[2];
};

/* Flags of struct net_flow. */
#define NET_FLOW_CONTACTED 1 /* of traffic: a contact record went before it */
#define NET_FLOW_ACCEPTED 2  /* of traffic: the peer connected to us */

struct net_flow {
	struct sp_header head;
	__u64 cookie; /* the socket */
	__u64 bytes_out; /* payload of the transport, without retransmissions */
	__u64 bytes_in;
	__u32 packets_out; /* not of TCP */
	__u32 packets_in;
	union net_address peer;
	union net_address local; /* of listen and accept */
	__u16 peer_port;	 /* host byte order, as all numbers here */
	__u16 local_port;
	__u16 protocol; /* IPPROTO_*; of raw sockets what the packet says */
	__u8 family;	/* 4 or 6 */
	__u8 flags;
	__s32 error; /* of an outcome: 0, or the errno that the socket was left with, or -1 */
	__u32 reserved;
};

struct net_opened {
	struct sp_header head;
	__u32 family;
	__u32 type;
	__u32 protocol; /* host byte order; of AF_PACKET an Ethernet type */
	__u32 reserved;
};

#define NET_OUT 0
#define NET_IN 1

/* A piece of payload. The bytes follow the struct. */
struct net_bytes {
	struct sp_header head;
	__u64 cookie;
	union net_address peer;
	__u32 offset; /* in the stream, from its first byte; modulo 2^32 */
	__u32 length; /* of the bytes that follow */
	__u32 whole;  /* length of the message before it was cut; of a stream, equal to length */
	__u16 peer_port;
	__u8 family;	/* 4 or 6 */
	__u8 direction; /* NET_OUT or NET_IN */
};

SP_RECORD(net_flow);
SP_RECORD(net_opened);
SP_RECORD(net_bytes);

#endif /* SALLYPORT_NET_RECORDS_H */
