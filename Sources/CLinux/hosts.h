// What the target Hosts needs of the system and Swift cannot reach.
#pragma once
#include <signal.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <sys/wait.h>

// Whether a child has ended, without reaping it: its process id, and with that the number of its group, stay taken.
// 1 with the exit code, or 128 and the signal, in `status`; 0 while it runs; -1 with errno when it is no child of ours.
static inline int clinux_has_ended(pid_t child, int *status) {
  siginfo_t information = {0};
  if (waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
  if (information.si_pid == 0) return 0;
  *status = information.si_code == CLD_EXITED ? information.si_status : 128 + information.si_status;
  return 1;
}

// Whether a file lies in memory that is mounted read-only, as the secrets of Kubernetes do.
static inline int clinux_is_read_only_memory(int descriptor) {
  struct statfs memory;
  struct statvfs flags;
  return fstatfs(descriptor, &memory) == 0 && memory.f_type == 0x01021994 /* TMPFS_MAGIC */
      && fstatvfs(descriptor, &flags) == 0 && (flags.f_flag & ST_RDONLY) != 0;
}
