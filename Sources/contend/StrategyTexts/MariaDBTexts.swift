// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let mariaDB: [String: String] = [
    "floor.mariadb-select": #"""
      `floor.mariadb-select`: what any statement on MariaDB costs at least.

      Algorithm: one `SELECT value, version FROM records WHERE id = ?` of the operation's first record, whatever the
      operation asks for.
      Guarantees: nothing, and changes nothing: a measure for the others.
      Round trips under the lock: 0; nothing is held. 1 per operation.
      Source: MariaDB manual, "COM_QUERY".
      """#,
    "mariadb.atomic": #"""
      `mariadb.atomic`: the decision is part of the statement, so nothing happens between reading and writing.

      Algorithm: an addition is `UPDATE records SET value = LAST_INSERT_ID(value + ?) WHERE id = ? AND value + ? >= ?`, a
      claim or a release `UPDATE records SET value = ? WHERE id = ? AND value = ?`. No row matched means that the guard
      refused. `LAST_INSERT_ID(expression)` returns the new value with the answer, because this server has no
      `UPDATE ... RETURNING`. One record needs no transaction; several are changed in one, rolled back on the first refusal.
      Guarantees: no lost update and no value beyond its guard.
      Does not guarantee: decisions that cannot be stated as guarded changes of single records; freedom from deadlocks with
      several records in different orders.
      Failure window: none.
      Round trips under the lock: 0 for one record; for n records n.
      Source: MariaDB manual, "LAST_INSERT_ID".
      """#,
    "mariadb.count-then-insert": #"""
      `mariadb.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when they
      count the rows of a room and insert one if it is not full. The row that the other transaction inserts is one that the
      condition of our `SELECT` would have found, a phantom.
      Algorithm: a transaction at the level of the option `isolation`: `START TRANSACTION`; per record, in the order of the
      steps, `SELECT value + (SELECT COALESCE(SUM(amount), 0) FROM entries WHERE entries.id = records.id) FROM records
      WHERE id = ?` (`value` is what the record began with and stays); per changed record `INSERT INTO entries (id, amount)
      VALUES (?, ?)` with the difference; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that only read are
      a single `SELECT`. There is an index on `entries (id, amount)`. With `serializable` the `SELECT` takes shared locks on
      the entries of the record and on the gaps between and beside them, and an `INSERT` into a gap that another one has
      locked waits; two that have both read and both insert end in a deadlock (error 1213), found at once: retry.
      Guarantees: with `serializable`, serialisable transactions. At every level: no lost update, for nothing is
      overwritten, and the entries of one operation appear together.
      Does not guarantee: with `read-committed` and `repeatable-read` (the default of the server), that the decision is
      still right when it is committed: two see enough for one, and both take it; two return the same new value. Constant
      cost: each read adds up all entries of the record, so ledgers close their books from time to time. With
      `serializable`, progress without retries; nor that different records do not meet: the gap beside the entries of one
      record reaches to those of the next, and while there are few entries it is wide.
      Failure window: with `serializable` none; else from the `SELECT` to the `COMMIT`, at all times.
      Round trips under the lock: 2 (`INSERT`, `COMMIT`), plus one per further record; 0 at the lower levels.
      Source: phantoms, A3 and P3 of Berenson et al. 1995; MariaDB manual, "InnoDB Lock Modes", gap locks.
      """#,
    "mariadb.for-update": #"""
      `mariadb.for-update`: lock the rows, then read, decide and write (pessimistic locking).

      Algorithm: REPEATABLE READ transaction, the default: `START TRANSACTION`; per record, in the order of the steps,
      `SELECT value, version FROM records WHERE id = ? FOR UPDATE`; per changed record
      `UPDATE records SET value = ? WHERE id = ?`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that only
      read lock nothing: one `SELECT` sees one snapshot.
      Guarantees: no lost update; records of one operation change together. A locking read returns the newest committed
      value, whatever the snapshot of the transaction is. Waiters are served first come, first served.
      Does not guarantee: freedom from deadlocks when operations lock records in different orders. InnoDB finds a cycle at
      once and rolls one transaction back (error 1213). Who waits longer than `lock-wait-timeout` fails with error 1205,
      which ends only the statement: code that does not roll back then keeps its other locks.
      Failure window: none. The server releases the locks when the connection ends.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: MariaDB manual, "FOR UPDATE" and "InnoDB Lock Modes".
      """#,
    "mariadb.get-lock": #"""
      `mariadb.get-lock`: a lock on a name that stands for the record, then an unprotected read and write.

      Algorithm: per record, in the order of the steps, `SELECT GET_LOCK('<run>:<record>', timeout)` on a connection of its
      own; read, decide and write on another; per record, in reverse, `SELECT RELEASE_LOCK('<run>:<record>')`. 1 means
      granted, 0 that the timeout has passed, NULL an error. The locks belong to the connection and outlive transactions.
      Guarantees: mutual exclusion among all who take the lock, wherever they run. Waiters are served first come, first
      served.
      Does not guarantee: anything against those who do not take it; shared locks. When locks are taken in different orders
      the server ends one request with error 1213, a `deadlock`; it keeps the locks that it has, and gives them back here.
      Failure window: the server frees the lock when its connection is lost, while the client may still be writing over the
      other; there is no fencing. Behind a proxy that shares server connections among clients it does not work.
      Round trips under the lock: 3 (`SELECT`, `UPDATE`, `RELEASE_LOCK`).
      Source: MariaDB manual, "GET_LOCK"; with_advisory_lock and DistributedLock use it the same way.
      """#,
    "mariadb.lock-in-share-mode": #"""
      `mariadb.lock-in-share-mode`: read under a shared lock, then write, which needs an exclusive one. A trap.

      Algorithm: as `mariadb.for-update`, with `SELECT ... LOCK IN SHARE MODE`. Two transactions may hold the shared lock of
      one row, and then neither gets the exclusive one: a deadlock, which InnoDB finds at the second `UPDATE` and breaks at
      once by rolling one transaction back (error 1213). PostgreSQL takes a second to find the same.
      Guarantees: no lost update, by deadlock instead of waiting.
      Does not guarantee: progress without retries: on a hot row nearly every attempt meets another one.
      Failure window: none. The server releases the locks when the connection ends.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: MariaDB manual, "LOCK IN SHARE MODE"; MySQL manual, "InnoDB Locking Reads".
      """#,
    "mariadb.none": #"""
      `mariadb.none`: read, decide, write, each statement on its own. A planted control: the checkers must catch it.

      Algorithm: for each record `SELECT value, version FROM records WHERE id = ?`, decide in the program, then for each
      changed record `UPDATE records SET value = ? WHERE id = ?`; every statement is its own transaction.
      Guarantees: nothing.
      Does not guarantee: that an acknowledged update stays, that several values read belong together, or that several
      records change together.
      Failure window: from the `SELECT` to the `UPDATE`, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "mariadb.optimistic": #"""
      `mariadb.optimistic`: a version column; the write succeeds only if nobody wrote since the read.

      Algorithm: `SELECT value, version FROM records WHERE id = ?` (one statement for several records); decide;
      `UPDATE records SET value = ?, version = version + 1 WHERE id = ? AND version = ?`. No row matched means that somebody
      else was faster: a conflict. One record needs no transaction; several are updated in one, in the order of the steps,
      rolled back on the first conflict. A record that is only read beside others that change gets its version checked and
      moved as well. The version always changes, so that rows matched and rows changed are the same number.
      Guarantees: no lost update; records of one operation change together. Nothing is locked while the client thinks.
      Does not guarantee: progress of a particular worker: under contention somebody always wins, but slow ones starve.
      Failure window: none; a session that dies between read and write has changed nothing.
      Round trips under the lock: 0 for one record; for n records n (the rows updated so far are locked until `COMMIT`).
      Source: Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; JPA `@Version`, Rails
      `lock_version`.
      """#,
    "mariadb.repeatable-read": #"""
      `mariadb.repeatable-read`: a transaction at the default level, without locking reads. A planted control: the checkers
      must catch it, unless `snapshot-isolation` is on.

      Algorithm: `START TRANSACTION`; `SELECT` each record from the transaction's snapshot, decide, `UPDATE` each changed
      one, `COMMIT`. The `UPDATE` changes the newest row, whatever was read: unlike PostgreSQL's level of the same name, the
      server notices nothing. With `snapshot-isolation: true` it does: the session sets `innodb_snapshot_isolation`, the
      default of the server from MariaDB 11.6.2 on, and the `UPDATE` of a row that another transaction has changed since the
      snapshot fails with error 1020, a conflict: the server has rolled the transaction back, and the retry policy decides
      when to start again. Sessions of all other strategies set it to off: they have no snapshot when they change a row, or only
      insert.
      Guarantees: that several values read belong to one moment, and that several records change together; with
      `snapshot-isolation: true` no lost update of a record that the operation writes.
      Does not guarantee: without it, that an acknowledged update stays: it is the most common mistake with this server.
      Freedom from write skew. What rows that others insert meanwhile (phantoms) make of a decision is in
      `mariadb.count-then-insert`.
      Failure window: from the `SELECT` to the `UPDATE`, at all times; with `snapshot-isolation: true` none.
      Round trips under the lock: 0; nothing is held while the client thinks.
      Source: Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels", P4; MDEV-35124.
      """#,
    "mariadb.serializable": #"""
      `mariadb.serializable`: plain statements in a transaction that the server isolates by locks.

      Algorithm: `SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE`; `START TRANSACTION`; `SELECT` each record, decide,
      `UPDATE` each changed one, `COMMIT`. InnoDB makes every plain `SELECT` of such a transaction a
      `SELECT ... LOCK IN SHARE MODE`, so two that want to write what both have read end in a deadlock (error 1213), found
      at once: retry. That is two-phase locking; PostgreSQL's level of the same name detects conflicts instead.
      Guarantees: serialisable transactions: no lost update, no write skew.
      Does not guarantee: progress without retries.
      Failure window: none. The server releases the locks when the connection ends.
      Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
      Source: MariaDB manual, "SET TRANSACTION", SERIALIZABLE.
      """#,
  ]
}
