#if SQLite
internal import Model
internal import Runtime

/// `sqlite.optimistic`: a version column; the write succeeds only if nobody wrote since the read.
struct OptimisticStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a version column; the write succeeds only if nobody wrote since the read.",
    algorithm: """
      `SELECT value, version FROM records WHERE id = ?` (in a transaction of its own for several records); decide;
      `UPDATE records SET value = ?, version = version + 1 WHERE id = ? AND version = ?`, and count the changed rows:
      none means that somebody else was faster, a `conflict`. One record needs no transaction; several are updated in
      one `BEGIN IMMEDIATE` to `COMMIT`, rolled back on the first conflict. A record that is only read beside others
      that change gets its version checked and moved as well, so that decisions over several records cannot skew.
      """,
    guarantees: "no lost update; records of one operation change together. Nothing is locked while the client thinks.",
    doesNotGuarantee: """
      progress of a particular worker. The `UPDATE` polls for the one write lock of the file like everybody else, so a
      long queue of writers still ends in `lock-timeout`. Writers that leave the version alone are not noticed.
      """,
    failureWindow: "none; a process that dies between read and write has changed nothing.",
    roundTrips: "0; there is no server.",
    source: #"Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; Rails `lock_version`."#)

  static let descriptor = StrategyDescriptor.sqlite(
    "optimistic", "version column, conditional UPDATE, retry", documentation)
  private let session: Session
  private let select: Statement
  private let replace: Statement
  private let versions = VersionBuffer()

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(
    _ configuration: SQLiteConfiguration, _ worker: WorkerContext
  ) throws(SetupFailure) -> OptimisticStrategy {
    let session = try Session(configuration)
    let table = configuration.table
    return OptimisticStrategy(
      session: session, select: try session.prepare("SELECT value, version FROM \(table) WHERE id = ?1"),
      replace: try session.prepare(
        "UPDATE \(table) SET value = ?2, version = version + 1 WHERE id = ?1 AND version = ?3"))
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let isSingle = attempt.operation.count == 1
    var isDeciding = false
    do throws(Refusal) {
      if !isSingle { try session.begin.run() }
      try read(attempt)
      if !isSingle { try session.commit.run() }
      if attempt.operation.isReadOnly { return .committed }
      attempt.holdThread()
      guard attempt.decide() == .write else { return .refused }
      isDeciding = isSingle
      if !isSingle { try session.beginImmediate.run() }
      for index in 0..<attempt.operation.count { try replace(index, attempt) }
      isDeciding = true
      if !isSingle { try session.commit.run() }
      return .committed
    } catch {
      throw session.abandon(error, attempt, decides: isDeciding)
    }
  }

  private func read(_ attempt: Attempt) throws(Refusal) {
    for index in 0..<attempt.operation.count {
      select.bind(1, Int64(attempt.operation[index].key))
      guard try select.next() else { throw .missingRecord }
      attempt.values[index] = select.column(0)
      versions[index] = select.column(1)
      attempt.note(version: versions[index], step: index)
      select.reset()
    }
  }

  private func replace(_ index: Int, _ attempt: Attempt) throws(Refusal) {
    replace.bind(1, Int64(attempt.operation[index].key))
    replace.bind(2, attempt.values[index])
    replace.bind(3, versions[index])
    try replace.run()
    if session.database.changes == 0 { throw .versionMoved }
    attempt.note(version: versions[index] &+ 1, replacing: versions[index], step: index)
  }
}

/// The versions that an attempt has read, one per step.
private struct VersionBuffer: ~Copyable {
  private let words = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

  deinit { words.deallocate() }

  subscript(index: Int) -> Int64 {
    get { words[index] }
    nonmutating set { words[index] = newValue }
  }
}
#endif
