/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The kernel's types, as far as Sallyport reads them.
 *
 * Not a full vmlinux.h: only the fields that are used, each struct marked preserve_access_index, so
 * that libbpf moves every offset to where the running kernel has it. Nothing here depends on the
 * machine that compiles. A probe that needs more adds its own in the same way; a field that some
 * kernels lack is asked for with bpf_core_field_exists().
 */
#ifndef SALLYPORT_KERNEL_H
#define SALLYPORT_KERNEL_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

#define SP_CORE __attribute__((preserve_access_index))

typedef struct {
	int counter;
} atomic_t;


typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

struct qstr {
	__u32 len;
	const unsigned char *name;
} SP_CORE;

struct super_block {
	__u32 s_dev;
	unsigned long s_magic;
} SP_CORE;

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
	unsigned long i_ino;
	const unsigned int i_nlink;
} SP_CORE;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} SP_CORE;

struct vfsmount {
	struct dentry *mnt_root;
} SP_CORE;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} SP_CORE;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} SP_CORE;

struct file {
	struct path f_path;
	struct inode *f_inode;
} SP_CORE;

struct fs_struct {
	struct path root;
	struct path pwd;
} SP_CORE;

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t euid;
	kgid_t egid;
} SP_CORE;

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	struct file *exe_file;
} SP_CORE;

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
} SP_CORE;

struct task_struct {
	int pid;
	int tgid;
	unsigned int flags;
	int exit_code;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	__u64 start_boottime;
	const struct cred *cred;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct signal_struct *signal;
	char comm[16];
} SP_CORE;

struct linux_binprm {
	struct cred *cred;
	struct file *file;
	unsigned int secureexec : 1;
} SP_CORE;

/* First argument of every iterator over tasks. */
struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} SP_CORE;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} SP_CORE;

#endif /* SALLYPORT_KERNEL_H */
