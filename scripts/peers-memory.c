// The equal of the in-process operation loop in plain C: the yardstick for memory.mutex, memory.cas and
// memory.fetch-add on the workload "counter" with one key.
//
// Equal means the same duties per operation: take the next of a ring of 4096 operations of any number of steps, announce
// it, decide under the guard of each step, mark and check the witness of the critical section, count start, outcome and
// worker by phase, enter each step in a ledger, withdraw the announcement; read the clock for one operation in 64 (with
// jitter) and record its latency. "bare" leaves out all but ring, lock, addition and count: the floor.
//
//   cc -O2 -pthread -o peers-memory scripts/peers-memory.c
//   peers-memory mutex|cas|fetch-add THREADS SECONDS [bare]
//
// Prints the operations per second, and how many there were in all.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 1, RING = 4096, STEPS = 1, LINE = 128, SAMPLING = 64, PRECISION = 11, BUCKETS = 27 * 1024 };
enum phase { WARM_UP, MEASURED, DRAINED, PHASES };
enum effect { READ, ADD };
enum outcome { STARTED, COMMITTED, REFUSED, CONFLICTS, EXTRA_ATTEMPTS, OVERLAPS, LATENCY_OVERFLOWS, COUNTERS = 32 };

struct step {
  int32_t key;
  uint8_t effect;
  int64_t operand, bound;
};
struct operation {
  int32_t index;
  uint16_t count;
  bool is_read_only;
  struct step steps[STEPS];
};

// A lock and the record that it guards lie in lines of their own, as in the harness.
struct lock {
  _Alignas(LINE) pthread_mutex_t mutex;
};
struct record {
  _Alignas(LINE) _Atomic int64_t value;
  _Atomic int64_t mark;
};
static struct lock locks[KEYS];
static struct record records[KEYS];
static _Alignas(LINE) _Atomic int64_t phase;

struct thread {
  pthread_t handle;
  int64_t token;
  uint64_t random[4];
  _Alignas(LINE) _Atomic int64_t announced;
  _Atomic int64_t ended;
  int64_t committed, longest, operation_start;
  _Alignas(LINE) int64_t counters[PHASES][COUNTERS];
  struct {
    int64_t sum, count;
  } ledger[KEYS];
  int64_t tries[64];
  uint64_t latency[BUCKETS], wait[BUCKETS], hold[BUCKETS], rest[BUCKETS];
  int64_t values[STEPS];
  bool timed;
  int64_t began, entered, left;
  struct operation ring[RING];
};

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static uint64_t rotate(uint64_t word, int by) { return word << by | word >> (64 - by); }

// xoshiro256++
static uint64_t next_random(uint64_t s[4]) {
  uint64_t result = rotate(s[0] + s[3], 23) + s[0], shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

static bool record(uint64_t *histogram, int64_t nanoseconds) {
  uint64_t value = nanoseconds > 0 ? (uint64_t)nanoseconds : 0;
  int shift = 64 - PRECISION - __builtin_clzll(value | ((1 << PRECISION) - 1));
  uint64_t index = ((uint64_t)shift << (PRECISION - 1)) + (value >> shift);
  if (index >= BUCKETS) return false;
  histogram[index]++;
  return true;
}

// The new values; false when a guard refuses.
static inline bool decide(struct thread *thread, const struct operation *operation) {
  for (int index = 0; index < operation->count; index++) {
    const struct step *step = &operation->steps[index];
    if (step->effect != ADD) continue;
    int64_t result = thread->values[index] + step->operand;
    if (result < step->bound) return false;
    thread->values[index] = result;
  }
  return true;
}

static inline enum outcome with_mutex(struct thread *thread, const struct operation *operation) {
  for (int index = 0; index < operation->count; index++)
    pthread_mutex_lock(&locks[operation->steps[index].key].mutex);
  for (int index = 0; index < operation->count; index++)
    atomic_store_explicit(&records[operation->steps[index].key].mark, thread->token, memory_order_relaxed);
  if (thread->timed) thread->entered = now();
  for (int index = 0; index < operation->count; index++)
    thread->values[index] =
        atomic_load_explicit(&records[operation->steps[index].key].value, memory_order_relaxed);
  bool accepted = decide(thread, operation);
  for (int index = 0; accepted && index < operation->count; index++)
    if (operation->steps[index].effect != READ)
      atomic_store_explicit(
          &records[operation->steps[index].key].value, thread->values[index], memory_order_relaxed);
  if (thread->timed) thread->left = now();
  for (int index = 0; index < operation->count; index++)
    if (atomic_load_explicit(&records[operation->steps[index].key].mark, memory_order_relaxed) != thread->token)
      thread->counters[atomic_load(&phase)][OVERLAPS]++;
  for (int index = operation->count; index-- > 0;)
    pthread_mutex_unlock(&locks[operation->steps[index].key].mutex);
  return accepted ? COMMITTED : REFUSED;
}

static inline enum outcome with_cas(struct thread *thread, const struct operation *operation) {
  _Atomic int64_t *value = &records[operation->steps[0].key].value;
  int64_t loaded = atomic_load_explicit(value, memory_order_acquire);
  thread->values[0] = loaded;
  if (!decide(thread, operation)) return REFUSED;
  return atomic_compare_exchange_weak_explicit(
             value, &loaded, thread->values[0], memory_order_acq_rel, memory_order_relaxed)
             ? COMMITTED
             : CONFLICTS;
}

static inline enum outcome with_fetch_add(struct thread *thread, const struct operation *operation) {
  const struct step *step = &operation->steps[0];
  thread->values[0] =
      atomic_fetch_add_explicit(&records[step->key].value, step->operand, memory_order_acq_rel) + step->operand;
  return COMMITTED;
}

static __attribute__((noinline)) void begin_timed(struct thread *thread) {
  thread->timed = true;
  thread->entered = thread->left = 0;
  thread->operation_start = thread->began = now();
}

static __attribute__((noinline)) void end_timed(struct thread *thread, int64_t *counters) {
  int64_t ended = now(), elapsed = ended - thread->began;
  thread->timed = false;
  if (elapsed > thread->longest) thread->longest = elapsed;
  if (!record(thread->latency, elapsed)) counters[LATENCY_OVERFLOWS]++;
  if (!thread->entered) return;
  record(thread->wait, thread->entered - thread->began);
  record(thread->hold, thread->left - thread->entered);
  record(thread->rest, ended - thread->left);
}

typedef enum outcome strategy(struct thread *, const struct operation *);

static inline void *run(struct thread *thread, strategy *perform) {
  uint64_t position = next_random(thread->random) % RING;
  int64_t countdown = 1, started = 0, began_in = WARM_UP;
  while (began_in != DRAINED) {
    const struct operation *operation = &thread->ring[position++ % RING];
    atomic_store_explicit(&thread->announced, ++started << 20 | operation->index, memory_order_release);
    if (--countdown <= 0) {
      countdown = 1 + (int64_t)(next_random(thread->random) % (2 * SAMPLING - 1));
      begin_timed(thread);
    }
    int64_t attempts = 1;
    enum outcome outcome;
    while ((outcome = perform(thread, operation)) == CONFLICTS) attempts++;

    int64_t ended_in = atomic_load_explicit(&phase, memory_order_relaxed);
    int64_t *counters = thread->counters[ended_in == DRAINED ? DRAINED : began_in];
    if (thread->timed) end_timed(thread, counters);
    counters[STARTED]++;
    counters[outcome]++;
    if (outcome == COMMITTED)
      for (int index = 0; index < operation->count; index++) {
        const struct step *step = &operation->steps[index];
        thread->ledger[step->key].sum += step->effect == ADD ? step->operand : 0;
        thread->ledger[step->key].count++;
      }
    if (attempts > 1) {
      counters[EXTRA_ATTEMPTS] += attempts - 1;
      thread->tries[attempts < 64 ? attempts - 1 : 63]++;
    }
    if (began_in == MEASURED) thread->committed++;
    atomic_store_explicit(&thread->ended, started, memory_order_release);
    began_in = ended_in;
  }
  return NULL;
}

// One loop per strategy, so that the strategy is compiled into it.
static void *run_mutex(void *thread) { return run(thread, with_mutex); }
static void *run_cas(void *thread) { return run(thread, with_cas); }
static void *run_fetch_add(void *thread) { return run(thread, with_fetch_add); }

// The floor: nothing but ring, synchronisation and one count.
static inline void *run_bare(struct thread *thread, void (*add)(const struct step *)) {
  uint64_t position = 0;
  int64_t seen;
  while ((seen = atomic_load_explicit(&phase, memory_order_relaxed)) != DRAINED) {
    const struct step *step = thread->ring[position++ % RING].steps;
    add(step);
    thread->counters[seen][COMMITTED]++;
    thread->ledger[step->key].sum += step->operand;
  }
  return NULL;
}
static inline void add_with_mutex(const struct step *step) {
  pthread_mutex_lock(&locks[step->key].mutex);
  _Atomic int64_t *value = &records[step->key].value;
  atomic_store_explicit(
      value, atomic_load_explicit(value, memory_order_relaxed) + step->operand, memory_order_relaxed);
  pthread_mutex_unlock(&locks[step->key].mutex);
}
static inline void add_with_cas(const struct step *step) {
  _Atomic int64_t *value = &records[step->key].value;
  int64_t loaded = atomic_load_explicit(value, memory_order_acquire);
  while (!atomic_compare_exchange_weak_explicit(
      value, &loaded, loaded + step->operand, memory_order_acq_rel, memory_order_acquire)) {}
}
static inline void add_with_fetch_add(const struct step *step) {
  atomic_fetch_add_explicit(&records[step->key].value, step->operand, memory_order_acq_rel);
}
static void *run_bare_mutex(void *thread) { return run_bare(thread, add_with_mutex); }
static void *run_bare_cas(void *thread) { return run_bare(thread, add_with_cas); }
static void *run_bare_fetch_add(void *thread) { return run_bare(thread, add_with_fetch_add); }

static void *(*loop_named(const char *name, bool bare))(void *) {
  if (!strcmp(name, "mutex")) return bare ? run_bare_mutex : run_mutex;
  if (!strcmp(name, "cas")) return bare ? run_bare_cas : run_cas;
  if (!strcmp(name, "fetch-add")) return bare ? run_bare_fetch_add : run_fetch_add;
  return NULL;
}

static void fill(struct thread *thread, int index) {
  thread->token = index + 1;
  for (int word = 0; word < 4; word++) thread->random[word] = 0x9E3779B97F4A7C15u * (uint64_t)(index * 4 + word + 1);
  for (int entry = 0; entry < RING; entry++)
    thread->ring[entry] = (struct operation){
        .index = entry, .count = 1, .steps = {{.key = 0, .effect = ADD, .operand = 1, .bound = INT64_MIN}}};
}

static void sleep_until(int64_t moment) {
  struct timespec time = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {}
}

// 0 when every acknowledged addition is in a record, else 2.
static int check(struct thread **threads, int count) {
  int64_t ledger = 0, value = 0;
  for (int key = 0; key < KEYS; key++) {
    value += atomic_load(&records[key].value);
    for (int index = 0; index < count; index++) ledger += threads[index]->ledger[key].sum;
  }
  if (ledger == value) return 0;
  fprintf(stderr, "peers-memory: the ledgers and the values differ\n");
  return 2;
}

int main(int count, char **words) {
  bool bare = count == 5 && !strcmp(words[4], "bare");
  void *(*loop)(void *) = count >= 4 ? loop_named(words[1], bare) : NULL;
  int number = count >= 4 ? atoi(words[2]) : 0;
  double seconds = count >= 4 ? atof(words[3]) : 0;
  if (!loop || (count == 5 && !bare) || count > 5 || number < 1 || number > 256 || !(seconds > 0)) {
    fprintf(stderr, "usage: peers-memory mutex|cas|fetch-add THREADS SECONDS [bare]\n");
    return 64;
  }
  for (int key = 0; key < KEYS; key++) pthread_mutex_init(&locks[key].mutex, NULL);
  struct thread *threads[256];
  size_t size = (sizeof(struct thread) + LINE - 1) / LINE * LINE;
  for (int index = 0; index < number; index++) {
    threads[index] = aligned_alloc(LINE, size);
    if (!threads[index]) return 70;
    memset(threads[index], 0, size);
    fill(threads[index], index);
  }
  for (int index = 0; index < number; index++)
    if (pthread_create(&threads[index]->handle, NULL, loop, threads[index]) != 0) {
      fprintf(stderr, "peers-memory: cannot start %d threads\n", number);
      return 70;
    }
  sleep_until(now() + 50000000);
  atomic_store(&phase, MEASURED);
  int64_t start = now();
  sleep_until(start + (int64_t)(seconds * 1e9));
  atomic_store(&phase, DRAINED);
  int64_t end = now(), committed = 0, all = 0;
  for (int index = 0; index < number; index++) {
    pthread_join(threads[index]->handle, NULL);
    committed += threads[index]->counters[MEASURED][COMMITTED];
    for (int each = 0; each < PHASES; each++) all += threads[index]->counters[each][COMMITTED];
  }
  printf("%.0f %lld\n", (double)committed / ((double)(end - start) / 1e9), (long long)all);
  return check(threads, number);
}
