// Counts the allocations of a program that is started with LD_PRELOAD=this; scripts/peers compares two runs of different
// length, so that what is left is the allocations per operation. When a worker process exits, its count is appended to
// the file that CONTEND_ALLOCATIONS names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static unsigned long count;

void *malloc(size_t size) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return __libc_calloc(number, size);
}
void *realloc(void *old, size_t size) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return __libc_realloc(old, size);
}

__attribute__((destructor)) static void report(void) {
  unsigned long total = __atomic_load_n(&count, __ATOMIC_RELAXED);
  char command[256] = "";
  int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t length = file < 0 ? 0 : read(file, command, sizeof command - 1);
  if (file >= 0) close(file);
  const char *path = getenv("CONTEND_ALLOCATIONS");
  const char *last = command + strlen(command) + 1;
  if (!path || length <= 0 || last >= command + length || strcmp(last, "worker") != 0) return;
  char line[32];
  int size = snprintf(line, sizeof line, "%lu\n", total);
  file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  if (write(file, line, (size_t)size) != size) _exit(1);
  close(file);
}
