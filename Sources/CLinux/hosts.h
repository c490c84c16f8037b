// What the target Hosts needs of the system and Swift cannot reach.
#pragma once
#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Whether a child has ended, without reaping it: its process id, and with that the number of its group, stay taken.
// 1 with the exit code, or 128 and the signal, in `status`; 0 while it runs; -1 with errno when it is no child of ours.
static inline int clinux_has_ended(pid_t child, int *status) {
  siginfo_t information = {0};
  if (waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
  if (information.si_pid == 0) return 0;
  *status = information.si_code == CLD_EXITED ? information.si_status : 128 + information.si_status;
  return 1;
}

// Whether a file lies in memory that is mounted read-only, as the secrets of Kubernetes do. The struct of fstatfs(2) on
// 64-bit systems, because with <sys/vfs.h> this module would own what another one shows.
static inline int clinux_is_read_only_memory(int descriptor) {
  struct {
    long type, block_size, numbers[8], flags, spare[16];
  } status = {0};
  return sizeof(long) == 8 && syscall(SYS_fstatfs, descriptor, &status) == 0 && status.type == 0x01021994 /* tmpfs */
      && (status.flags & 1 /* ST_RDONLY */) != 0;
}
