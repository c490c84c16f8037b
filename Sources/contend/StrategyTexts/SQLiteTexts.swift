// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let sQLite: [String: String] = [
    "floor.sqlite-select": #"""
      `floor.sqlite-select`: what any statement of SQLite costs at least.

      Algorithm: one prepared `SELECT value FROM records WHERE id = ?` of the operation's first record, whatever the
      operation asks for.
      Guarantees: nothing, and changes nothing: a measure for the others.
      Round trips under the lock: 0; nothing is held.
      Source: SQLite manual, "sqlite3_step".
      """#,
    "sqlite.atomic": #"""
      `sqlite.atomic`: the decision is part of the statement, so nothing happens between reading and writing.

      Algorithm: an addition is
      `UPDATE records SET value = value + ?2 WHERE id = ?1 AND value + ?2 >= ?3 RETURNING value`, a claim or a release
      `UPDATE records SET value = ?2 WHERE id = ?1 AND value = ?3 RETURNING value`. No row means that the guard refused.
      One record needs no transaction; several are changed in one `BEGIN IMMEDIATE` to `COMMIT`, rolled back on the first
      refusal. The statement is stepped to its end: outside a transaction it commits there, after it has returned its row.
      Guarantees: no lost update and no value beyond its guard. A conflict cannot happen; a full queue of writers can, and
      is a `lock-timeout`.
      Does not guarantee: decisions that cannot be stated as guarded changes of single records.
      Failure window: none.
      Round trips under the lock: 0; there is no server. The lock is held for the statement and the sync of its commit.
      Source: SQLite manual, "UPDATE" and "RETURNING" (SQLite 3.35 or later).
      """#,
    "sqlite.count-then-insert": #"""
      `sqlite.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when they
      count the rows of a room and insert one if it is not full. Where nothing keeps others out between the two, the row
      that one of them inserts is one that the condition of our `SELECT` would have found, a phantom.
      Algorithm: with `begin: immediate`, `BEGIN IMMEDIATE`; for each record `SELECT value + coalesce((SELECT sum(amount)
      FROM entries WHERE entries.id = records.id), 0) FROM records WHERE id = ?` (`value` is what the record began with and
      stays); decide; for each changed one `INSERT INTO entries (id, amount) VALUES (?, ?)` with the difference; `COMMIT`.
      With `begin: deferred` the same after a plain `BEGIN`: the first `INSERT` asks for the write lock, and when somebody
      has written since the first `SELECT`, or is about to, it is refused at once, as in `sqlite.deferred`: a `conflict`, in
      `journal: delete` a `deadlock`. With `begin: none` every statement is its own transaction. Operations that only read
      take a deferred transaction. There is an index on `entries (id, amount)`.
      Guarantees: with `immediate` and `deferred`, serialisable transactions: there is one writer for the whole file, so
      SQLite needs no lock of a condition. With all: no lost update, for nothing is overwritten.
      Does not guarantee: with `none`, that the decision is still right when the entry is written: two see enough for one,
      and both take it; nor that several entries appear together. Constant cost: each read adds up all entries of the
      record, so ledgers close their books from time to time. Concurrency of writers.
      Failure window: with `none` from the `SELECT` to the `INSERT`, at all times; else none.
      Round trips under the lock: 0; there is no server. The lock is held until the commit is synced.
      Source: phantoms, A3 and P3 of Berenson et al. 1995; SQLite manual, "Isolation In SQLite".
      """#,
    "sqlite.deferred": #"""
      `sqlite.deferred`: a plain `BEGIN`, which takes no lock before it needs one. A trap.

      Algorithm: `BEGIN`; `SELECT value FROM records WHERE id = ?` for each record; decide;
      `UPDATE records SET value = ? WHERE id = ?` for each changed one, the first of which asks for the write lock;
      `COMMIT`. When that first `UPDATE` cannot have the lock, SQLite says so at once, whatever `busy-timeout` is, because
      waiting could not help: what was read would be old. The only cure is `ROLLBACK` and to begin again.
      In `journal: wal`, both `SQLITE_BUSY_SNAPSHOT` (somebody has written since we read) and `SQLITE_BUSY` (somebody is
      about to) are a `conflict`. In `journal: delete`, `SQLITE_BUSY` is a `deadlock` that SQLite has broken: the other
      one waits with its commit until we stop reading.
      Guarantees: serialisable transactions; no lost update.
      Does not guarantee: that a transaction that began may write: it is optimistic, although it looks like a lock, and
      code that trusts in `busy-timeout` fails under load. In `journal: delete` a commit may also run into that timeout.
      Failure window: none; when a process dies the kernel frees its locks, and the next one to open the file rolls back.
      Round trips under the lock: 0; there is no server.
      Source: SQLite manual, "Transaction", section 2.1, and `sqlite3_busy_handler`.
      """#,
    "sqlite.immediate": #"""
      `sqlite.immediate`: the write lock of the whole database is taken before anything is read.

      Algorithm: `BEGIN IMMEDIATE`; `SELECT value FROM records WHERE id = ?` for each record; decide;
      `UPDATE records SET value = ? WHERE id = ?` for each changed one; `COMMIT`. Operations that only read take a deferred
      transaction, which in `journal: wal` waits for nobody. Who does not get the lock polls for it: SQLite's busy handler
      sleeps 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 and then 100 ms at a time, up to `busy-timeout`.
      Guarantees: serialisable transactions; no lost update; every retry is one that can succeed.
      Does not guarantee: concurrency of writers, whatever records they want: there is one lock for the file. Order: who
      polls at the right moment wins, and one that sleeps 100 ms at a time may starve until its timeout, which is a
      `lock-timeout`. Anything on a network file system.
      Failure window: none; when a process dies the kernel frees its locks, and the next one to open the file rolls back.
      Round trips under the lock: 0; there is no server. The lock is held until the commit is synced.
      Source: SQLite manual, "Transaction" and "Write-Ahead Logging"; `sqliteDefaultBusyCallback` in `src/main.c`.
      """#,
    "sqlite.none": #"""
      `sqlite.none`: read, decide, write, each statement on its own. A planted control: the checkers must catch it.

      Algorithm: for each record `SELECT value FROM records WHERE id = ?`, decide in the program, then for each changed
      record `UPDATE records SET value = ? WHERE id = ?`; every statement is its own transaction.
      Guarantees: nothing. It is what code does that trusts in SQLite having one writer at a time.
      Does not guarantee: that an acknowledged update stays, that several values read belong together, or that several
      records change together.
      Failure window: from the `SELECT` to the `UPDATE`, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "sqlite.optimistic": #"""
      `sqlite.optimistic`: a version column; the write succeeds only if nobody wrote since the read.

      Algorithm: `SELECT value, version FROM records WHERE id = ?` (in a transaction of its own for several records);
      decide; `UPDATE records SET value = ?, version = version + 1 WHERE id = ? AND version = ?`, and count the changed
      rows: none means that somebody else was faster, a `conflict`. One record needs no transaction; several are updated in
      one `BEGIN IMMEDIATE` to `COMMIT`, rolled back on the first conflict. A record that is only read beside others that
      change gets its version checked and moved as well, so that decisions over several records cannot skew.
      Guarantees: no lost update; records of one operation change together. Nothing is locked while the client thinks.
      Does not guarantee: progress of a particular worker. The `UPDATE` polls for the one write lock of the file like
      everybody else, so a long queue of writers still ends in `lock-timeout`. Writers that leave the version alone are not
      noticed.
      Failure window: none; a process that dies between read and write has changed nothing.
      Round trips under the lock: 0; there is no server.
      Source: Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; Rails `lock_version`.
      """#,
  ]
}
