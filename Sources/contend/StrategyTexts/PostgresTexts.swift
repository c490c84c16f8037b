// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let postgres: [String: String] = [
    "floor.postgres-select": #"""
      `floor.postgres-select`: what any statement on PostgreSQL costs at least.

      Algorithm: one prepared `SELECT value FROM records WHERE id = $1` of the operation's first record, whatever the
      operation asks for.
      Guarantees: nothing, and changes nothing: a measure for the others, and for comparisons with `pgbench`.
      Round trips under the lock: 0; nothing is held.
      Source: PostgreSQL manual, "Extended Query".
      """#,
    "postgres.advisory-lock": #"""
      `postgres.advisory-lock`: a lock on a number that stands for the record, then an unprotected read and write.

      Algorithm, `scope: transaction`: READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps, `SELECT pg_advisory_xact_lock($1)`;
      read; decide; write; `COMMIT`, which gives the locks back.
      With `scope: session`: per record `SELECT pg_advisory_lock($1)`; read and write as transactions of their own; per
      record, in reverse, `SELECT pg_advisory_unlock($1)`. All on one connection.
      Read and write are one statement each: `SELECT value ...`, `UPDATE records SET value = $2 WHERE id = $1`. Operations
      that only read take shared locks (`..._lock_shared`), unless `shared: false`. With `try: true` the functions are
      `pg_try_advisory_...`: a lock that is not free fails the attempt, and the retry policy decides when to try again.
      The number is a 64-bit FNV-1a hash of namespace and record.
      Over another store the lock has a connection of its own, and read and write go to that store.
      Guarantees: mutual exclusion among all who take the lock, wherever they run.
      Does not guarantee: anything against those who do not take it; freedom from deadlocks when locks are taken in
      different orders (the server ends one with 40P01); a bound on the wait beyond `timeout` per lock.
      Failure window: none over this database. Over another store the server frees the lock when the session is lost,
      while the client may still be writing; there is no fencing. With `scope: session` the server may grant a lock in the
      moment in which it reports a timeout; it is given back and counted (`phantomAcquisitions`). Behind a pooler that
      hands a server session to another client per transaction, `scope: session` does not work: see
      `postgres.pooled-advisory-lock`.
      Round trips under the lock: 3 (`SELECT`, `UPDATE`, and `COMMIT` or unlock).
      Source: PostgreSQL manual, section 13.3.5.
      """#,
    "postgres.atomic": #"""
      `postgres.atomic`: the decision is part of the statement, so nothing happens between reading and writing.

      Algorithm: an addition is
      `UPDATE records SET value = value + $2 WHERE id = $1 AND value + $2 >= $3 RETURNING value`, a claim or a release
      `UPDATE records SET value = $2 WHERE id = $1 AND value = $3 RETURNING value`. No row means that the guard refused.
      One record needs no transaction; several are changed in one (READ COMMITTED), `BEGIN` to `COMMIT`, in the order of
      the steps, rolled back on the first refusal. Operations that only read take one `SELECT`.
      Guarantees: no lost update and no value beyond its guard: an `UPDATE` that waited for another evaluates its `WHERE`
      again over the newest row. Never retries.
      Does not guarantee: decisions that cannot be stated as guarded changes of single records; freedom from deadlocks
      when operations change several records in different orders.
      Failure window: none.
      Round trips under the lock: 0 for one record; for n records n (`UPDATE`s after the first, `COMMIT`).
      Source: PostgreSQL manual, section 13.2.1.
      """#,
    "postgres.count-then-insert": #"""
      `postgres.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when they
      count the rows of a room and insert one if it is not full. Nothing that was read is ever updated, so no row can be
      locked or found changed: the other transaction makes a row that the condition of our `SELECT` would have found, a
      phantom.
      Algorithm: `BEGIN` at the level of the option `isolation`; `SELECT value + coalesce((SELECT sum(amount) FROM entries
      WHERE entries.id = records.id), 0) FROM records WHERE id = $1` (one statement for several records; `value` is what
      the record began with and stays); per changed record, in the order of the steps, `INSERT INTO entries (id, amount)
      VALUES ($1, $2)` with the difference; `COMMIT`, after a refusal as well. With `serializable` the server ends with 40001
      one of two transactions that both added up what the other one appended to: a conflict. Operations that only read are
      a single `SELECT`. There is an index on `entries (id, amount)`, and with `serializable` `enable_seqscan` is off: a
      sequential scan would lock the whole table against all writers.
      Guarantees: with `serializable`, the outcome of some serial order. At every level: no lost update, for nothing is
      overwritten, and the entries of one operation appear together.
      Does not guarantee: with `read-committed` and `repeatable-read`, that the decision is still right when it is
      committed: two see enough for one, and both take it; two return the same new value. Constant cost: each read adds up
      all entries of the record, so ledgers close their books from time to time. With `serializable`, few conflicts: what is
      locked are pages of the index and, of many rows, the whole table, so that others may conflict who touch different
      records.
      Failure window: with `serializable` none; else from the `SELECT` to the `COMMIT`, at all times.
      Round trips under the lock: 0; nobody waits for anybody.
      Source: phantoms, A3 and P3 of Berenson et al. 1995; Ports and Grittner 2012, section 5.2.1, on locks of index pages;
      PostgreSQL manual, section 13.2.3, whose example adds up and inserts.
      """#,
    "postgres.for-no-key-update": #"""
      `postgres.for-no-key-update`: the row lock that an `UPDATE` of other columns than keys takes, taken before reading.

      Algorithm: as `postgres.for-update`, with `SELECT value FROM records WHERE id = $1 FOR NO KEY UPDATE`. It conflicts
      with itself and with every `UPDATE`, but not with the `FOR KEY SHARE` that a foreign key takes: rows that refer to the
      locked one can be inserted meanwhile.
      With `pipeline: true`, `BEGIN` and all `SELECT`s leave in one flush, all `UPDATE`s and `COMMIT` in another.
      Guarantees: no lost update; records of one operation change together; a `SELECT` that waited returns the newest
      value.
      Does not guarantee: that the key stays, for which `FOR UPDATE` is; freedom from deadlocks when operations lock
      records in different orders (40P01 after `deadlock_timeout`).
      Failure window: none; as `postgres.for-update`.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record; 1 with `pipeline: true`.
      Source: PostgreSQL manual, section 13.3.2.
      """#,
    "postgres.for-share-upgrade": #"""
      `postgres.for-share-upgrade`: a shared lock to read, upgraded to write. A deliberate deadlock.

      Algorithm: READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps, `SELECT value FROM records WHERE id = $1 FOR SHARE`;
      decide; per changed record `UPDATE records SET value = $2 WHERE id = $1`, which waits for all others that share the
      row; `COMMIT`. Two that share a row and both want to write it wait for each other: after `deadlock_timeout` the server
      ends one with 40P01, and the retry policy decides when it starts again.
      Guarantees: no lost update: what was read cannot change before the transaction ends. Records of one operation change
      together.
      Does not guarantee: throughput. On a hot row nearly every hand-over costs `deadlock_timeout` (1 s unless set
      otherwise); newcomers share the row past a waiting `UPDATE`, so a stream of them starves it.
      Failure window: none; as `postgres.for-update`.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: PostgreSQL manual, sections 13.3.2 and 13.3.4; the conversion deadlock of Gray and Reuter 1993, section 7.8.
      """#,
    "postgres.for-update": #"""
      `postgres.for-update`: lock the rows, then read, decide and write (pessimistic locking).

      Algorithm: READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps,
      `SELECT value FROM records WHERE id = $1 FOR UPDATE`; per changed record
      `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that
      only read lock nothing: one `SELECT` sees one snapshot.
      With `pipeline: true`, `BEGIN` and all `SELECT`s leave in one flush, all `UPDATE`s and `COMMIT` in another.
      Guarantees: no lost update; records of one operation change together; a `SELECT` that waited returns the newest
      value. Waiters are served first come, first served.
      Does not guarantee: freedom from deadlocks when operations lock records in different orders. The server ends one of
      them with 40P01, after `deadlock_timeout` (1 s unless set otherwise).
      Failure window: none. The server releases the locks when the session ends; a client that stops without closing its
      connection keeps them until the server notices.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record; 1 with `pipeline: true`.
      Source: PostgreSQL manual, sections 13.2.1 and 13.3.2; Rails `lock!`, JPA `PESSIMISTIC_WRITE`.
      """#,
    "postgres.insert-on-conflict": #"""
      `postgres.insert-on-conflict`: a row that exists is a lock that is held.

      Algorithm: `INSERT INTO lock_keys (name, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name`, a transaction
      of its own. A row came back: the lock is ours. None: somebody holds it; sleep for `poll` times 0.5 to 1.5 and try
      again, until `timeout`. To release, `DELETE FROM lock_keys WHERE name = $1 AND owner = $2`. Read and write in between,
      on a connection of their own.
      Guarantees: mutual exclusion among all who take the lock, wherever they run, however long they hold it.
      Does not guarantee: that a lock is ever free again: there is no expiry, so what a holder that died has locked stays
      locked until somebody deletes the row. Order among those who wait. A table of constant size: each lock leaves a dead
      row and a dead index entry to vacuum.
      Failure window: from the death of a holder, for ever. After a lost connection the client deletes its rows first.
      Round trips under the lock: those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release.
      Source: PostgreSQL manual, `INSERT`, "ON CONFLICT Clause".
      """#,
    "postgres.lock-row": #"""
      `postgres.lock-row`: a lock row with status, owner and expiry, and a fencing token that the records check.

      Algorithm: per record, in the order of the steps, one statement that takes a row which is new, free or expired by the
      server's clock, `clock_timestamp()` and not the start of the transaction, because it may wait for the row:

          INSERT INTO lock_rows AS held VALUES ($1, 'held', $2, clock_timestamp() + ttl, 1)
          ON CONFLICT (name) DO UPDATE SET status = 'held', owner = $2, until = clock_timestamp() + ttl,
            fence = held.fence + 1
          WHERE held.status = 'free' OR held.until <= clock_timestamp() RETURNING fence

      No row came back: sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. Then read and mark,
      `UPDATE records SET version = $2 WHERE id = $1 AND version < $2 RETURNING value`; decide; write,
      `UPDATE records SET value = $2 WHERE id = $1 AND version = $3`, several records in one transaction; per record, in
      reverse, `UPDATE lock_rows SET status = 'free' WHERE name = $1 AND owner = $2 AND fence = $3`. The token is marked
      when reading and not only when writing: else a holder that is late could write between the next one's read and write.
      With `fence: false` read and write are plain statements. The clean-up job, run by the first worker every `clean-up`,
      frees expired rows: `UPDATE lock_rows SET status = 'free' WHERE status = 'held' AND until <= clock_timestamp()`. It
      never deletes one: the next token would start at 1 again, below the one that the record has seen.
      Operations that only read take one `SELECT`.
      Guarantees: one holder at a time as long as nobody holds longer than `ttl`; with `fence: true` no lost update even
      then: the write of a holder whose lock has gone to another fails (`lease-lost`) and is tried again.
      Does not guarantee: with `fence: false` anything beyond `ttl`. Order among those who wait; a bound on an operation
      that takes longer than `ttl` and is overtaken each time.
      Failure window: none with `fence: true`; without it from the expiry until the holder notices. A holder that dies
      blocks others for `ttl`.
      Round trips under the lock: 3 (read, write, release), for several records more.
      Source: the expiry of Spring Integration's `DefaultLockRepository`, with the fencing token of Kleppmann 2016, "How to
      do distributed locking".
      """#,
    "postgres.lock-timeout": #"""
      `postgres.lock-timeout`: lock the rows, and wait for each no longer than a limit.

      Algorithm: as `postgres.for-update`, with `SET LOCAL lock_timeout` after `BEGIN` (as
      `SELECT set_config('lock_timeout', $1, true)`, which takes a parameter): the setting ends with the transaction, so
      that it does not follow the connection to another user of a pool. A wait beyond `timeout` ends with 55P03:
      `ROLLBACK`, counted as a lock timeout, and the retry policy decides when to try again.
      Guarantees: no lost update; records of one operation change together; a bound on each single wait.
      Does not guarantee: a bound on the operation, which may wait for each of its records and try again. On a hot row it
      bounds little: every commit makes a new version of the row, for which all who wait queue anew, and the limit begins
      again. One longer than a single hold never fires (16 workers, 20 ms of hold, a limit of 50 ms: the longest operation
      took 1.3 s, as without a limit; 0.33 s with 10 ms). Nor freedom from deadlocks, which end after `timeout` or
      `deadlock_timeout`, whichever is shorter. Who timed out lost its place in the queue.
      Failure window: none; as `postgres.for-update`.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: PostgreSQL manual, section 20.11.1 `lock_timeout`.
      """#,
    "postgres.none": #"""
      `postgres.none`: read, decide, write, each statement on its own. A planted control: the checkers must catch it.

      Algorithm: for each record `SELECT value FROM records WHERE id = $1`, decide in the client, then for each changed
      record `UPDATE records SET value = $2 WHERE id = $1`; READ COMMITTED, every statement is its own transaction.
      Guarantees: nothing. It is what an ORM does that loads an object, changes it and saves it.
      Does not guarantee: that an acknowledged update stays, that several values read belong together, or that several
      records change together.
      Failure window: from the `SELECT` to the `UPDATE`, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "postgres.nowait": #"""
      `postgres.nowait`: lock the rows, or fail at once.

      Algorithm: as `postgres.for-update`, with `SELECT value FROM records WHERE id = $1 FOR UPDATE NOWAIT`. When the row is
      locked the server answers 55P03 at once and the transaction has failed: `ROLLBACK`, counted as a lock timeout, and
      the retry policy decides when to try again. The client waits, not the server.
      Guarantees: no lost update; records of one operation change together; no deadlock, because nobody waits while holding
      a lock; no session that waits on the server.
      Does not guarantee: order of arrival, or progress of a particular worker: who asks at the right moment wins. Each try
      in vain costs three round trips, and an error in the server's log at its default settings.
      Failure window: none; as `postgres.for-update`.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: PostgreSQL manual, `SELECT`, "The Locking Clause".
      """#,
    "postgres.optimistic": #"""
      `postgres.optimistic`: a version column; the write succeeds only if nobody wrote since the read.

      Algorithm: `SELECT value, version FROM records WHERE id = $1` (one statement, so one snapshot, for several records);
      decide; `UPDATE records SET value = $2, version = version + 1 WHERE id = $1 AND version = $3`. No row changed means
      that somebody else was faster: a conflict, and the retry policy decides when to read again. One record needs no
      transaction; several are updated in one (READ COMMITTED), `BEGIN` to `COMMIT`, in the order of the steps, rolled back
      on the first conflict. A record that is only read beside others that change gets its version checked and moved as well, so that
      decisions over several records cannot skew.
      With `transaction: true`, `SELECT` and `UPDATE` are one READ COMMITTED transaction, `BEGIN` to `COMMIT`, as when an
      object mapper does both in the transaction of a request. That protects nothing more, and takes two more round trips.
      Guarantees: no lost update; records of one operation change together. Nothing is locked while the client thinks.
      Does not guarantee: progress of a particular worker: under contention somebody always wins, but slow ones starve.
      Writers that leave the version alone are not noticed.
      Failure window: none; a session that dies between read and write has changed nothing.
      Round trips under the lock: 0 for one record; for n records n (the rows updated so far are locked until `COMMIT`).
      With `transaction: true` one for each record.
      Source: Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; JPA `@Version`, Rails
      `lock_version`.
      """#,
    "postgres.pooled-advisory-lock": #"""
      `postgres.pooled-advisory-lock`: an advisory lock taken through PgBouncer in transaction mode. A trap.

      Algorithm: as `postgres.advisory-lock`, but every statement goes through a pooler that hands the connection to
      another client when a transaction ends. With `scope: session` (the default here) `SELECT pg_advisory_lock($1)` is a
      transaction of its own: the lock stays with a connection that somebody else has by now. Who gets that connection
      next takes the lock a second time, because it holds it already; who unlocks on another connection frees nothing.
      With `scope: transaction` lock, read, write and `COMMIT` stay on one connection, and all is well:
      `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE` states what a session cannot set here. Statements of their own
      (`scope: session`, operations that only read) have no place for it: they run as the role or the database has it as
      default.
      Nothing is prepared and nothing is `SET`: both would stay behind in the same way. The managed pooler gives its
      connections a `lock_timeout` of one second, so that nobody waits for ever for a lock that was left behind, and closes
      them after a second without use, which frees it.
      Guarantees: with `scope: transaction` those of `postgres.advisory-lock`; with `scope: session` none.
      Does not guarantee: mutual exclusion, with `scope: session`; that a lock is ever given back.
      Failure window: the whole time between lock and unlock, which `expiredHolds` counts: unlocks that found nothing.
      Round trips under the lock: 3 (`SELECT`, `UPDATE`, and `COMMIT` or unlock), each through the pooler.
      Source: PgBouncer manual, "Features", table of session-based features by pooling mode; PostgreSQL manual, section
      13.3.5.
      """#,
    "postgres.repeatable-read": #"""
      `postgres.repeatable-read`: one snapshot per transaction, and the first to update a record wins.

      Algorithm: `BEGIN ISOLATION LEVEL REPEATABLE READ`; `SELECT value FROM records WHERE id = $1` (one statement for
      several records); per changed record, in the order of the steps, `UPDATE records SET value = $2 WHERE id = $1`;
      `COMMIT`. An `UPDATE` of a record that another transaction changed after our snapshot waits for that one to end and
      then fails with 40001 if it committed: a conflict, and the retry policy decides when to start again from the
      beginning.
      Guarantees: no lost update of a record that the operation writes; all that an operation reads belongs to one moment.
      Does not guarantee: freedom from write skew: two operations that read the same records and write different ones both
      commit (workload `on-call`). Freedom from phantoms of that kind, where what was read is not updated but added to: they
      are in `postgres.count-then-insert`. Progress of a particular worker; freedom from deadlocks when operations update
      records in different orders.
      Failure window: none.
      Round trips under the lock: 1 for one record (`COMMIT`); further `UPDATE`s add one each. Readers are never blocked.
      Source: PostgreSQL manual, section 13.2.2; first updater wins in Berenson et al. 1995, section 4.2.
      """#,
    "postgres.serializable": #"""
      `postgres.serializable`: the server finds out whether transactions could have run one after the other.

      Algorithm: `BEGIN ISOLATION LEVEL SERIALIZABLE`; `SELECT value FROM records WHERE id = $1` (one statement for several
      records); per changed record, in the order of the steps, `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`.
      The server ends a transaction that does not fit with 40001, at any statement including `COMMIT`: a conflict, and the
      retry policy decides when to start again from the beginning. A refused operation commits too, so that the server
      vouches for what it read. Operations that only read are a single `SELECT`, itself a serializable transaction.
      Sessions set `enable_seqscan` to off: a sequential scan would lock the whole table against all writers.
      Guarantees: the outcome is that of some serial order, whatever the transactions read and write: no lost update and no
      write skew, as long as every transaction on these records is serializable.
      Does not guarantee: progress of a particular worker; few conflicts. Records that share an index page may conflict
      although nobody touches the same one.
      Failure window: none.
      Round trips under the lock: 1 for one record (`COMMIT`); further `UPDATE`s add one each. Readers are never blocked.
      Source: Cahill, Roehm and Fekete 2008, "Serializable Isolation for Snapshot Databases"; Ports and Grittner 2012;
      PostgreSQL manual, section 13.2.3.
      """#,
    "postgres.shedlock": #"""
      `postgres.shedlock`: ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.

      Algorithm: with the server's clock, as its documentation recommends; `utc` stands for
      `timezone('utc', CURRENT_TIMESTAMP)`. When a process meets a name for the first time:

          INSERT INTO shedlock (name, lock_until, locked_at, locked_by) VALUES ($1, utc + lock-at-most-for, utc, $3)
          ON CONFLICT (name) DO UPDATE SET lock_until = utc + lock-at-most-for, locked_at = utc, locked_by = $3
          WHERE shedlock.lock_until <= utc

      From then on, and once more when the insertion changed nothing, `UPDATE shedlock SET ... WHERE name = $1 AND
      lock_until <= utc`. One row changed: the lock is ours. None: the attempt ends as `not-acquired` at once, and the
      scenario's retry policy decides, where a scheduler would skip the run. To release,
      `UPDATE shedlock SET lock_until = greatest(locked_at + lock-at-least-for, utc) WHERE name = $1 AND locked_by = $2`.
      Each statement is a transaction of its own, on a connection of its own. Times have milliseconds.
      Guarantees: one holder at a time, as long as nobody holds longer than `lock-at-most-for`; at most one in
      `lock-at-least-for`.
      Does not guarantee: that work is ever done by somebody who was refused; order; a stop to the writes of a holder whose
      lock has expired (no fencing). `locked_by` is the host by default: a slow holder then releases the lock of its
      successor on the same host.
      Failure window: from the expiry until the holder notices. A holder that dies blocks others for `lock-at-most-for`.
      Round trips under the lock: those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release.
      Source: ShedLock, `JdbcTemplateLockProvider`, `PostgresSqlServerTimeStatementsSource`, `StorageBasedLockProvider`.
      """#,
    "postgres.skip-locked": #"""
      `postgres.skip-locked`: what somebody else has locked counts as not there (the claim of a job queue).

      Algorithm: an operation that claims is one statement, a transaction of its own:

          WITH free AS (
            SELECT id FROM records WHERE id = ANY ($1) AND value = 0 ORDER BY id FOR UPDATE SKIP LOCKED)
          UPDATE records SET value = $2 FROM free
          WHERE records.id = free.id AND (SELECT count(*) FROM free) = cardinality($1)

      No row changed means that one of the units is taken, or locked by somebody who may take it: refused, and like the
      worker of a queue the caller goes on to another unit. A common table expression because `id IN (SELECT ... FOR
      UPDATE SKIP LOCKED)` may be evaluated more than once. Units are given back in the same way, but waiting: a claim may
      look at one for a moment.
      Every other operation is READ COMMITTED: `BEGIN`; `SELECT value ... FOR UPDATE SKIP LOCKED` for all its records; `UPDATE`s; `COMMIT`.
      A record that did not come back is locked: `ROLLBACK`, counted as a lock timeout, and the retry policy decides.
      Operations that only read take one `SELECT`.
      Guarantees: no unit has two owners; nobody waits for a lock, and there is no deadlock. Unlike `NOWAIT` no error.
      Does not guarantee: that a refused claim was refused by an owner: whoever looked at the unit at the same moment is
      enough, and may be refused itself. Order of arrival, or progress of a particular worker. What is not locked is no
      consistent view of the table. A worker that dies after its claim keeps the unit.
      Failure window: none for the database.
      Round trips under the lock: 0 to claim and to give back; 2 otherwise (`UPDATE`, `COMMIT`), plus one per further record.
      Source: PostgreSQL manual, `SELECT`, "The Locking Clause"; the queues River and Graphile Worker.
      """#,
    "postgres.spring-lock": #"""
      `postgres.spring-lock`: the lock registry of Spring Integration: a lock of the process in front of a row with an
      expiry.

      Algorithm: take a lock of the process for the record, so that only one thread per process asks the database. Then one
      READ COMMITTED transaction per try, on a connection of its own, `now` being the clock of the application:
      `UPDATE int_lock SET client_id = me, created_date = now, expired_after = now + ttl WHERE region = 'DEFAULT' AND
      lock_key = key AND (client_id = me OR expired_after < now)`; when no row was changed, `INSERT INTO int_lock ... ON
      CONFLICT DO NOTHING` (what its documentation recommends for PostgreSQL); `COMMIT`. `BEGIN` leaves together with the
      first statement, as with the JDBC driver. A row changed or inserted: the lock is ours. Else sleep for
      `idle-between-tries`, always the same, and try again, until `timeout`. To release, `BEGIN`; `DELETE FROM int_lock
      WHERE region = 'DEFAULT' AND lock_key = key AND client_id = me`; `COMMIT`; then the lock of the process. The key is
      the MD5 of the name as a UUID, `me` is one per process; with `local-lock: false` one per worker, and all workers ask
      the database.
      Guarantees: one holder at a time, as long as nobody holds longer than `ttl` and the clocks of the hosts agree.
      Does not guarantee: a stop to the writes of a holder whose lock has expired (no fencing); a release that finds the
      row gone is counted as an expired hold, where Spring throws. Order among processes. Workers that lock several records
      in different orders wait for each other until `timeout`.
      Failure window: from the expiry until the holder notices. A holder that dies blocks other processes for `ttl`.
      Round trips under the lock: those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release, 2 with its
      `COMMIT`.
      Source: Spring Integration, `JdbcLockRegistry`, `DefaultLockRepository`.
      """#,
    "postgres.table-lock": #"""
      `postgres.table-lock`: lock the whole table, then read, decide and write.

      Algorithm: READ COMMITTED transaction: `BEGIN`; `LOCK TABLE records IN ... MODE`, the mode from the option `mode`;
      `SELECT value FROM records WHERE id = $1` (one statement for several records); per changed record
      `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that
      only read take one `SELECT`, which waits with `mode: access-exclusive` only.
      Guarantees: one writer at a time, whatever it reads and writes: no lost update and no write skew, no deadlock among
      those who lock the table first. Waiters are served first come, first served.
      Does not guarantee: that operations on different records run side by side: all wait for all. With
      `access-exclusive`, also readers do, and those who come later wait behind a waiting writer.
      Failure window: none. The server releases the lock when the session ends.
      Round trips under the lock: 3 (`SELECT`, `UPDATE`, `COMMIT`), plus one per further record.
      Source: PostgreSQL manual, section 13.3.1 and `LOCK`.
      """#,
  ]
}
