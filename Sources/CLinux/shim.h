// System calls that Swift's Glibc module does not show, or that need a declaration before _GNU_SOURCE.
// Every function here only calls the kernel; what it returns is the kernel's own value, errors in errno.
#pragma once
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// glibc hides epoll_pwait2 and memfd_create without _GNU_SOURCE, and has no pidfd_open before 2.36.
static inline int clinux_epoll_wait_ns(int epoll, struct epoll_event *events, int capacity, int64_t timeout_ns) {
  struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  return (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, timeout_ns < 0 ? (void *)0 : &timeout, (void *)0, 8);
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

// Variadic functions are not imported.
static inline int clinux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
static inline int clinux_set_timer_slack(unsigned long nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

// The enumeration argument of getrusage is imported with another type on each libc.
static inline int clinux_usage_of_self(struct rusage *usage) { return getrusage(RUSAGE_SELF, usage); }
static inline int clinux_usage_of_children(struct rusage *usage) { return getrusage(RUSAGE_CHILDREN, usage); }

// The processor's hint for a spin loop.
static inline void clinux_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
