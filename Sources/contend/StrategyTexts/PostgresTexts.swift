// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.

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

      Algorithm, `scope: transaction`: `BEGIN`; per record, in the order of the steps, `SELECT pg_advisory_xact_lock($1)`;
      read; decide; write; `COMMIT`, which gives the locks back.
      With `scope: session`: per record `SELECT pg_advisory_lock($1)`; read and write as transactions of their own; per
      record, in reverse, `SELECT pg_advisory_unlock($1)`. All on one connection.
      Read and write are one statement each: `SELECT value ...`, `UPDATE records SET value = $2 WHERE id = $1`. Operations
      that only read take shared locks. The number is a 64-bit FNV-1a hash of namespace and record.
      Over another store the lock has a connection of its own, and read and write go to that store.
      Guarantees: mutual exclusion among all who take the lock, wherever they run.
      Does not guarantee: anything against those who do not take it; freedom from deadlocks when locks are taken in
      different orders (the server ends one with 40P01); a bound on the wait beyond `timeout` per lock.
      Failure window: none over this database. Over another store the server frees the lock when the session is lost,
      while the client may still be writing; there is no fencing. With `scope: session` the server may grant a lock in the
      moment in which it reports a timeout; it is given back and counted (`phantomAcquisitions`). Behind a pooler that
      hands a server session to another client per transaction, `scope: session` does not work.
      Round trips under the lock: 3 (`SELECT`, `UPDATE`, and `COMMIT` or unlock).
      Source: PostgreSQL manual, section 13.3.5.
      """#,
    "postgres.atomic": #"""
      `postgres.atomic`: the decision is part of the statement, so nothing happens between reading and writing.

      Algorithm: an addition is
      `UPDATE records SET value = value + $2 WHERE id = $1 AND value + $2 >= $3 RETURNING value`, a claim or a release
      `UPDATE records SET value = $2 WHERE id = $1 AND value = $3 RETURNING value`. No row means that the guard refused.
      One record needs no transaction; several are changed in one, `BEGIN` to `COMMIT`, in the order of the steps, rolled
      back on the first refusal. Operations that only read take one `SELECT`.
      Guarantees: no lost update and no value beyond its guard: an `UPDATE` that waited for another evaluates its `WHERE`
      again over the newest row. Never retries.
      Does not guarantee: decisions that cannot be stated as guarded changes of single records; freedom from deadlocks
      when operations change several records in different orders.
      Failure window: none.
      Round trips under the lock: 0 for one record; for n records n (`UPDATE`s after the first, `COMMIT`).
      Source: PostgreSQL manual, section 13.2.1.
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
      Source: PostgreSQL manual, sections 13.2.1 and 13.3.2.
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
    "postgres.optimistic": #"""
      `postgres.optimistic`: a version column; the write succeeds only if nobody wrote since the read.

      Algorithm: `SELECT value, version FROM records WHERE id = $1` (one statement, so one snapshot, for several records);
      decide; `UPDATE records SET value = $2, version = version + 1 WHERE id = $1 AND version = $3`. No row changed means
      that somebody else was faster: a conflict, and the retry policy decides when to read again. One record needs no
      transaction; several are updated in one, `BEGIN` to `COMMIT`, in the order of the steps, rolled back on the first
      conflict. A record that is only read beside others that change gets its version checked and moved as well, so that
      decisions over several records cannot skew.
      Guarantees: no lost update; records of one operation change together. Nothing is locked while the client thinks.
      Does not guarantee: progress of a particular worker: under contention somebody always wins, but slow ones starve.
      Writers that leave the version alone are not noticed.
      Failure window: none; a session that dies between read and write has changed nothing.
      Round trips under the lock: 0 for one record; for n records n (the rows updated so far are locked until `COMMIT`).
      Source: Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; JPA `@Version`, Rails
      `lock_version`.
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
  ]
}
