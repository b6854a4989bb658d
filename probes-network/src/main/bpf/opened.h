/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Sockets that reach below or beside TCP and UDP: raw, packet and vsock. */
#ifndef SALLYPORT_NET_OPENED_H
#define SALLYPORT_NET_OPENED_H

#include "records.h"

static __always_inline void net_tell_opened(const struct sp_lineage *process, __u32 family,
					    __u32 type, __u32 protocol)
{
	struct net_opened *opened = sp_reserve(NET_SOCKET, process, sizeof(*opened));

	if (!opened)
		return;
	opened->family = family;
	opened->type = type & SOCK_TYPE_MASK;
	opened->protocol = family == AF_PACKET ? bpf_ntohs(protocol) : protocol;
	opened->reserved = 0;
	sp_submit(opened);
}

/* Families whose creation no cgroup hook sees. */
static __always_inline bool net_unseen_family(__u32 family)
{
	return family == AF_PACKET || family == AF_VSOCK;
}

#endif /* SALLYPORT_NET_OPENED_H */
