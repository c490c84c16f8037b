// Two-phase commit over two PostgreSQL databases as a bare loop over libpq: the same statements as contend sends, in the
// same flushes. Prints transactions per second.
//
//     two-phase THREADS SECONDS CONNECTION CONNECTION LOG
//
// Each thread has a session with both databases. Both hold the table `records` with the record 0.

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *addresses[2];
static int log_file;
static double seconds;
static volatile int is_over;

struct client {
  pthread_t thread;
  int number;
  long transactions;
};

static void fail(PGconn *session, const char *what) {
  fprintf(stderr, "%s: %s", what, PQerrorMessage(session));
  exit(1);
}

static PGconn *connect_to(const char *address) {
  PGconn *session = PQconnectdb(address);
  if (PQstatus(session) != CONNECTION_OK) fail(session, "connect");
  const char *statements[][2] = {{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
                                 {"lock", "SELECT value FROM records WHERE id = $1::int4 FOR UPDATE"},
                                 {"write", "UPDATE records SET value = $2::int8 WHERE id = $1::int4"}};
  for (int index = 0; index < 3; index++) {
    PGresult *result = PQprepare(session, statements[index][0], statements[index][1], 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(session, "prepare");
    PQclear(result);
  }
  PQsetnonblocking(session, 1);
  PQenterPipelineMode(session);
  return session;
}

// Waits for the answers of one flush, and returns the number in the first row.
static long long answers(PGconn *session) {
  long long value = 0;
  PQflush(session);
  for (;;) {
    while (PQisBusy(session)) {
      struct pollfd descriptor = {PQsocket(session), POLLIN, 0};
      poll(&descriptor, 1, -1);
      if (!PQconsumeInput(session)) fail(session, "receive");
    }
    PGresult *result = PQgetResult(session);
    if (!result) continue;
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK) value = (long long)__builtin_bswap64(*(unsigned long long *)PQgetvalue(result, 0, 0));
    if (status == PGRES_FATAL_ERROR) fail(session, PQresultErrorMessage(result));
    PQclear(result);
    if (status == PGRES_PIPELINE_SYNC) return value;
  }
}

static void send_prepared(PGconn *session, const char *name, int count, long long value) {
  int id = 0;
  unsigned long long big = __builtin_bswap64((unsigned long long)value);
  const char *values[2] = {(char *)&id, (char *)&big};
  int lengths[2] = {4, 8}, formats[2] = {1, 1};
  if (!PQsendQueryPrepared(session, name, count, values, lengths, formats, 1)) fail(session, name);
}

static void send_text(PGconn *session, const char *words, const char *name) {
  char text[160];
  snprintf(text, sizeof text, "%s '%s'", words, name);
  if (!PQsendQueryParams(session, text, 0, NULL, NULL, NULL, NULL, 1)) fail(session, words);
}

static void *run(void *argument) {
  struct client *client = argument;
  PGconn *sessions[2] = {connect_to(addresses[0]), connect_to(addresses[1])};
  while (!is_over) {
    char name[64];
    snprintf(name, sizeof name, "peer/%d.%d.%ld", getpid(), client->number, client->transactions);
    long long values[2];
    for (int side = 0; side < 2; side++) {
      send_prepared(sessions[side], "begin", 0, 0);
      send_prepared(sessions[side], "lock", 1, 0);
      PQpipelineSync(sessions[side]);
      values[side] = answers(sessions[side]);
    }
    for (int side = 0; side < 2; side++) {
      send_prepared(sessions[side], "write", 2, values[side] + (side ? 1 : -1));
      send_text(sessions[side], "PREPARE TRANSACTION", name);
      PQpipelineSync(sessions[side]);
      PQflush(sessions[side]);
    }
    for (int side = 0; side < 2; side++) answers(sessions[side]);
    long long record[4] = {getpid(), 0, client->number, client->transactions};
    if (write(log_file, record, sizeof record) != sizeof record || fdatasync(log_file)) exit(1);
    for (int side = 0; side < 2; side++) {
      send_text(sessions[side], "COMMIT PREPARED", name);
      PQpipelineSync(sessions[side]);
      PQflush(sessions[side]);
    }
    for (int side = 0; side < 2; side++) answers(sessions[side]);
    client->transactions++;
  }
  PQfinish(sessions[0]);
  PQfinish(sessions[1]);
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 6) return 64;
  int threads = atoi(arguments[1]);
  seconds = atof(arguments[2]);
  addresses[0] = arguments[3];
  addresses[1] = arguments[4];
  log_file = open(arguments[5], O_CREAT | O_WRONLY | O_APPEND | O_TRUNC, 0600);
  struct client *clients = calloc(threads, sizeof *clients);
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int index = 0; index < threads; index++) {
    clients[index].number = index;
    pthread_create(&clients[index].thread, NULL, run, &clients[index]);
  }
  usleep((useconds_t)(seconds * 1e6));
  is_over = 1;
  long sum = 0;
  for (int index = 0; index < threads; index++) {
    pthread_join(clients[index].thread, NULL);
    sum += clients[index].transactions;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double elapsed = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
  printf("%.1f %ld\n", (double)sum / elapsed, sum);
  return 0;
}
