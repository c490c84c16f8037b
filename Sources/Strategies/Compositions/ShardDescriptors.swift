internal import Model

extension StrategyDescriptor {
  /// `...-shards.none`: reads and writes in each database, without any protection.
  static func noneOverShards<Member: ShardMember & ~Copyable>(_: Member.Type) -> StrategyDescriptor {
    StrategyDescriptor(
      id: Member.store + ".none", summary: "reads and writes over \(Member.words), no protection at all",
      documentation: Documentation(
        introduction:
          "reads and writes without any protection, over \(Member.words): what happens where a service updates two "
          + "databases and hopes.",
        algorithm:
          "one `SELECT` for each database, a decision, one `UPDATE` for each record that changes, each a transaction of its "
          + "own. It runs on any of the stores; a lock goes around it with `over: \(Member.store)`.",
        guarantees: "nothing.",
        doesNotGuarantee: "anything: updates get lost, and a process that dies leaves a part behind.",
        failureWindow: "always.", roundTrips: "2 for each database, nothing is held.",
        source: "Hohpe, \"Your Coffee Shop Doesn't Use Two-Phase Commit\" (2004), for why people do without."),
      store: Member.store, scope: .network, threading: .perConnection, grade: .required,
      points: ShardedRecords<Member>.points)
  }

  /// `...-shards.two-phase-commit`.
  static func twoPhaseCommit<Member: ShardMember & ~Copyable>(_: Member.Type) -> StrategyDescriptor {
    StrategyDescriptor(
      id: Member.store + ".two-phase-commit", aliases: Member.store == "postgres-shards" ? ["two-phase-commit"] : [],
      summary: "two-phase commit over \(Member.words), with a log of decisions and recovery",
      documentation: .twoPhaseCommit(Member.words), store: Member.store,
      options: twoPhaseOptions, scope: .network, threading: .perConnection, roundTripsUnderLock: 2,
      stages: CommitStage.names, points: CommitPoint.names, keepsLog: true,
      readsSnapshots: false)
  }

  private static let twoPhaseOptions = [
    OptionSpecification(
      "lock-timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(1)),
      "How long a record may be waited for; 0 for as long as the server lets. No database sees a deadlock over two of them, "
        + "so that only this ends one."),
    OptionSpecification(
      "group-commit", .flag, default: .flag(false),
      "Force decisions that are taken at about the same time to the disk together."),
    OptionSpecification(
      "one-phase", .flag, default: .flag(true),
      "Commit at once when all records of an operation lie in one database."),
    OptionSpecification(
      "recovery", .flag, default: .flag(true),
      "End the branches of coordinators that died, by their log. Without it they keep their locks for ever: a control."),
    OptionSpecification(
      "prepared-timeout", .duration(.zero ... .seconds(3600)), default: .duration(.zero),
      "Roll back branches that have been prepared for longer, whatever was decided; 0 for never. A trap: what was decided "
        + "to commit is then committed in one database only."),
  ]
}

extension Documentation {
  fileprivate static func twoPhaseCommit(_ words: String) -> Documentation {
    Documentation(
      introduction: """
        two-phase commit with presumed abort, over \(words). The worker is the coordinator: every database promises that it \
        can commit, the decision goes to the disk, every database commits.
        """,
      algorithm: """
        Lock and read the records in the order of the steps (`SELECT ... FOR UPDATE`), those that lie side by side in one \
        database with one request. Decide. Then, in all databases at the same time, write and prepare: `PREPARE TRANSACTION \
        'gid'` in PostgreSQL, `XA END` and `XA PREPARE` in MariaDB. Append the transaction to the log and force it to the \
        disk: this is the commit point. Then, in all databases at the same time, `COMMIT PREPARED 'gid'` or `XA COMMIT`.

        When a database does not prepare, all are rolled back. A database of which nothing changes commits instead of \
        preparing; an operation in one database commits at once (`one-phase: true`).

        Recovery runs in every process, twice a second, and once more when all workers are gone: a branch whose coordinator \
        has died, or whose answer was lost, is committed when the log names its transaction, and rolled back when not.
        """,
      guarantees: """
        after recovery an operation has taken effect in all databases or in none, whoever dies and whenever. No lost update: \
        records stay locked until their database has committed.
        """,
      doesNotGuarantee: """
        that readers see all or nothing: between two commits a reader of both databases sees a part, and there is no snapshot \
        over several. Availability: records of a prepared branch stay locked until its coordinator, or recovery, is back. \
        What `prepared-timeout` rolls back may have been decided to commit.
        """,
      failureWindow: """
        none for the result. From the prepare to the end of recovery the records are locked, over restarts of the database, \
        too. A database that fails over to a standby may forget what it had promised or committed.
        """,
      roundTrips: "2 (prepare, commit) and a forced write of the log, plus one for each further record or database.",
      source:
        "Mohan, Lindsay and Obermarck, \"Transaction Management in the R* Distributed Database Management System\" (1986), "
        + "presumed abort; PostgreSQL manual, PREPARE TRANSACTION; MariaDB manual, XA Transactions; X/Open XA (1991).")
  }
}
