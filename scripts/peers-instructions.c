// Lets scripts/peers count the instructions of a worker process of contend; loaded with LD_PRELOAD.
//
// A worker process is the program itself, started again as /proc/self/exe, which under a tool names the tool. So it is
// started through the program that CONTEND_WORKER_LAUNCHER names. Valgrind 3.19 has no epoll_pwait2: epoll_wait, which
// rounds the time to wait up to milliseconds, stands in for it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

typedef int spawn(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *,
                  char *const *);

int posix_spawn(pid_t *id, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const *words, char *const *environment) {
  spawn *next = (spawn *)dlsym(RTLD_NEXT, "posix_spawn");
  const char *launcher = getenv("CONTEND_WORKER_LAUNCHER");
  if (launcher && words[1] && !strcmp(words[1], "worker")) path = launcher;
  return next(id, path, actions, attributes, words, environment);
}

int epoll_pwait2(int epoll, struct epoll_event *events, int capacity, const struct timespec *timeout,
                 const sigset_t *mask) {
  (void)mask;
  long milliseconds = timeout ? timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000 : -1;
  return epoll_wait(epoll, events, capacity, (int)milliseconds);
}
