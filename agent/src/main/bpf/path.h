/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Full paths by walking dentries and mounts: bpf_d_path() is refused in tp_btf programs.
 *
 * The path is the one of the process's mount namespace: inside a container, the container's.
 */
#ifndef SALLYPORT_PATH_H
#define SALLYPORT_PATH_H

#include "sallyport_kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define PATH_MAX_BYTES 4096
#define PATH_MAX_DEPTH 48 /* components and mounts crossed; deeper paths lose their first parts */
#define PATH_NAME_MAX 255

/* The path grows from the end of `text` towards its start, for the walk goes from leaf to root. */
struct path_scratch {
	char text[PATH_MAX_BYTES + PATH_NAME_MAX + 1];
	__u32 start; /* where in `text` the path begins; it ends at PATH_MAX_BYTES */
	__u32 cut;
};

static __always_inline struct mount *path_mount(struct vfsmount *vfsmount)
{
	return (struct mount *)((void *)vfsmount - bpf_core_field_offset(struct mount, mnt));
}

/*
 * Writes the full path into `scratch`. The loop's state lives in the scratch and in three pointers:
 * what the verifier sees at the head of each turn is then the same, and 48 turns stay cheap.
 */
static __always_inline void path_walk(struct path_scratch *scratch, struct dentry *dentry,
				      struct vfsmount *vfsmount)
{
	struct mount *mount = path_mount(vfsmount);
	int depth;

	scratch->start = PATH_MAX_BYTES;
	scratch->cut = 1;
	for (depth = 0; depth < PATH_MAX_DEPTH; depth++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct dentry *mount_root = BPF_CORE_READ(mount, mnt.mnt_root);
		const unsigned char *name;
		__u32 length, start;

		if (dentry == mount_root || dentry == parent) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);

			if (dentry != mount_root || above == mount) {
				scratch->cut = 0;
				break; /* the namespace's root, or a file that hangs on no tree */
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		length = BPF_CORE_READ(dentry, d_name.len);
		name = BPF_CORE_READ(dentry, d_name.name);
		start = scratch->start;
		if (length > PATH_NAME_MAX || start < length + 1 || start > PATH_MAX_BYTES)
			break;
		start -= length + 1;
		/* The masks change nothing: they are the bounds in the form the verifier of 6.1 takes. */
		scratch->text[start & (PATH_MAX_BYTES - 1)] = '/';
		bpf_probe_read_kernel(&scratch->text[(start & (PATH_MAX_BYTES - 1)) + 1],
				      length & PATH_NAME_MAX, name);
		scratch->start = start;
		dentry = parent;
	}
	if (scratch->start == PATH_MAX_BYTES) { /* the root itself */
		scratch->start = PATH_MAX_BYTES - 1;
		scratch->text[PATH_MAX_BYTES - 1] = '/';
	}
}

#endif /* SALLYPORT_PATH_H */
