// System calls that Swift's Glibc module does not show, or that need a declaration before _GNU_SOURCE.
// Every function here only calls the kernel; what it returns is the kernel's own value, errors in errno.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// glibc hides epoll_pwait2 and memfd_create without _GNU_SOURCE, and has no pidfd_open before 2.36. The wait of the loop
// goes through the C library, so that the tests can put a clock of their own in front of it.
extern int epoll_pwait2(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);
static inline int clinux_epoll_wait_ns(int epoll, struct epoll_event *events, int capacity, int64_t timeout_ns) {
  struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  return epoll_pwait2(epoll, events, capacity, timeout_ns < 0 ? (void *)0 : &timeout, (void *)0);
}
static inline int clinux_memfd_create(const char *name, unsigned flags) {
  return (int)syscall(SYS_memfd_create, name, flags);
}
static inline int clinux_set_affinity(int thread, uint64_t mask) {
  return (int)syscall(SYS_sched_setaffinity, thread, sizeof mask, &mask);
}
static inline int clinux_current_cpu(void) {
  unsigned cpu = 0;
  return syscall(SYS_getcpu, &cpu, (void *)0, (void *)0) == 0 ? (int)cpu : -1;
}
static inline int clinux_thread_id(void) { return (int)syscall(SYS_gettid); }

// A core file of a process that knows passwords would hold them.
static inline int clinux_no_core_files(void) {
  struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  return setrlimit(RLIMIT_CORE, &none);
}

// Variadic functions are not imported.
static inline int clinux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
// Lets the calling thread go before others, as nice(2) does; what it starts does not. glibc has no declaration before 2.41.
static inline int clinux_set_nice(int nice) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = 48, .flags = 1 /* SCHED_FLAG_RESET_ON_FORK */, .nice = nice};
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}
static inline int clinux_set_timer_slack(unsigned long nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

// The name of the calling thread, of at most 15 bytes, as /proc shows it.
static inline int clinux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

// The CPU clock of a thread of this process, as the kernel numbers it (make_thread_cpuclock).
static inline clockid_t clinux_thread_cpu_clock(int thread) { return (clockid_t)((~(unsigned)thread << 3) | 6); }

// Lets the calling thread run as soon as it can, before all that are not of its kind (SCHED_FIFO, the lowest priority);
// fails without the right to.
#include <sched.h>
static inline int clinux_run_at_once(void) {
  struct sched_param priority = {.sched_priority = 1};
  return (int)syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &priority);
}

static inline int clinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

// A pipe that no other program inherits.
static inline int clinux_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// A file without a name, which is gone with its last descriptor; -1 where the file system has none. O_TMPFILE is hidden
// without _GNU_SOURCE.
static inline int clinux_open_nameless(const char *folder, unsigned mode) {
  return open(folder, __O_TMPFILE | O_DIRECTORY | O_RDWR | O_CLOEXEC, mode);
}

// Gives a file without a name, which `own` leads to (/proc/self/fd/N), one. Only one that takes the place of another goes
// by `beside` for a moment.
extern int renameat(int old_folder, const char *old_path, int new_folder, const char *new_path);
static inline int clinux_give_name(const char *own, const char *path, const char *beside) {
  if (linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0) return 0;
  if (errno != EEXIST) return -1;
  unlink(beside);
  if (linkat(AT_FDCWD, own, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) != 0) return -1;
  if (renameat(AT_FDCWD, beside, AT_FDCWD, path) == 0) return 0;
  int reason = errno;
  unlink(beside);
  errno = reason;
  return -1;
}

// Closes everything from a number on in the program to be started. glibc declares it with _GNU_SOURCE only.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
static inline int clinux_close_from(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

// How clinux_spawn starts a program. Strings and arrays belong to the caller.
struct clinux_child {
  const char *path;
  char *const *arguments;    // ends with NULL
  char *const *environment;  // ends with NULL
  const char *directory;     // NULL keeps the current one
  int input, output, error;  // become descriptors 0, 1 and 2
  int third, fourth;         // become descriptors 3 and 4; -1 for none. No other descriptor is inherited
  int death_signal;          // sent to the child when the calling thread ends; 0 for none
  int new_session;           // 1: leads a session of its own; 0: leads a process group; -1: stays in that of its parent
};

// The part of clinux_spawn that runs in the child: only functions that are safe after fork in a program with threads.
static inline void clinux_become_child(const struct clinux_child *child, int parent, int report) {
  struct sigaction standard = {0};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal <= 64; signal++) sigaction(signal, &standard, (void *)0);
  if (child->death_signal) {
    if (prctl(PR_SET_PDEATHSIG, child->death_signal, 0, 0, 0) != 0) return;
    if (getppid() != parent) _exit(127);  // the parent ended before the request took effect
  }
  if (child->new_session > 0 ? setsid() < 0 : child->new_session == 0 && setpgid(0, 0) != 0) return;
  if (child->directory && chdir(child->directory) != 0) return;
  // Out of the way first: one of them may be 0 to 4 itself.
  const int given[5] = {child->input, child->output, child->error, child->third, child->fourth};
  const int count = child->third < 0 ? 3 : 5;
  int sources[5];
  for (int target = 0; target < count; target++) sources[target] = fcntl(given[target], F_DUPFD_CLOEXEC, 10);
  for (int target = 0; target < count; target++)
    if (sources[target] < 0 || dup2(sources[target], target) < 0) return;
  syscall(SYS_close_range, (unsigned)count, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, (void *)0);
  execve(child->path, child->arguments, child->environment);
}

// Starts a program and returns its process id, or -1 with errno when it could not be executed.
static inline pid_t clinux_spawn(const struct clinux_child *child) {
  int ends[2];
  if (clinux_pipe(ends) != 0) return -1;
  // The writing end must survive the redirection of descriptors 0 to 2.
  const int report = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  close(ends[1]);
  // No handler of the parent may run in the child before exec.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t parent = getpid();
  const pid_t pid = report < 0 ? -1 : fork();
  if (pid == 0) {
    clinux_become_child(child, parent, report);
    const int reason = errno;
    while (write(report, &reason, sizeof reason) < 0 && errno == EINTR) {}
    _exit(127);
  }
  int reason = errno;
  pthread_sigmask(SIG_SETMASK, &before, (void *)0);
  if (report >= 0) close(report);
  if (pid < 0) {
    close(ends[0]);
    errno = reason;
    return -1;
  }
  ssize_t length;
  while ((length = read(ends[0], &reason, sizeof reason)) < 0 && errno == EINTR) {}
  close(ends[0]);
  if (length != sizeof reason) return pid;  // closed by exec
  while (waitpid(pid, (void *)0, 0) < 0 && errno == EINTR) {}
  errno = reason;
  return -1;
}

// Starts a process that ends its whole process group, which the caller leads, as soon as nobody holds the writing end of
// a pipe any more: nothing in the group outlives the caller, however that ends. Returns -1 with errno when it cannot.
static inline pid_t clinux_keep_group(int reading) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, (void *)0);
  prctl(PR_SET_NAME, "contend-keeper", 0, 0, 0);
  // Whoever reads what the caller writes must not wait for us.
  if (reading > 0) syscall(SYS_close_range, 0U, (unsigned)reading - 1, 0U);
  syscall(SYS_close_range, (unsigned)reading + 1, ~0U, 0U);
  char byte;
  while (read(reading, &byte, 1) < 0 && errno == EINTR) {}
  kill(0, SIGKILL);
  _exit(0);
}

// The type of getrusage's first argument and the module of its timeval differ from importer to importer. User and system
// time of the children that were reaped.
static inline int64_t clinux_reaped_cpu_ns(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_CHILDREN, &usage) != 0) return 0;
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

// Waits for a lock on one byte of a file that belongs to the open file description; F_OFD_SETLKW is hidden without
// _GNU_SOURCE. `type` is F_RDLCK, F_WRLCK or F_UNLCK.
static inline int clinux_lock_byte(int descriptor, int16_t type, int64_t position) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = position, .l_len = 1};
  return fcntl(descriptor, 38 /* F_OFD_SETLKW */, &lock);
}

// The processor's hint for a spin loop.
static inline void clinux_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// ppoll is hidden without _GNU_SOURCE. `descriptors` is an array of struct pollfd, which belongs to Glibc's module. A
// negative timeout waits for ever.
static inline int clinux_poll_ns(void *descriptors, unsigned count, int64_t timeout_ns) {
  struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  return (int)syscall(SYS_ppoll, descriptors, count, timeout_ns < 0 ? (void *)0 : &timeout, (void *)0, 8);
}

#include <sys/socket.h>
// The socket type is an enumeration that each libc imports differently. Both ends are closed on exec.
static inline int clinux_socket_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }
// accept4 is hidden without _GNU_SOURCE. The descriptor does not block and no other program inherits it.
static inline int clinux_accept(int listener) {
  return (int)syscall(SYS_accept4, listener, (void *)0, (void *)0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
