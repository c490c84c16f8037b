#if SQLite
internal import Model
internal import Runtime

/// `sqlite.atomic`: the decision is part of the statement, so nothing happens between reading and writing.
struct AtomicStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the decision is part of the statement, so nothing happens between reading and writing.",
    algorithm: """
      an addition is `UPDATE records SET value = value + ?2 WHERE id = ?1 AND value + ?2 >= ?3 RETURNING value`, a claim
      or a release `UPDATE records SET value = ?2 WHERE id = ?1 AND value = ?3 RETURNING value`. No row means that the
      guard refused. One record needs no transaction; several are changed in one `BEGIN IMMEDIATE` to `COMMIT`, rolled
      back on the first refusal. The statement is stepped to its end: outside a transaction it commits there, after it
      has returned its row.
      """,
    guarantees: """
      no lost update and no value beyond its guard. A conflict cannot happen; a full queue of writers can, and is a
      `lock-timeout`.
      """,
    doesNotGuarantee: "decisions that cannot be stated as guarded changes of single records.",
    failureWindow: "none.",
    roundTrips: "0; there is no server. The lock is held for the statement and the sync of its commit.",
    source: #"SQLite manual, "UPDATE" and "RETURNING" (SQLite 3.35 or later)."#)

  static let descriptor = StrategyDescriptor.sqlite("atomic", "one conditional UPDATE ... RETURNING", documentation)
  private let session: Session
  private let add: Statement
  private let exchange: Statement

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(
    _ configuration: SQLiteConfiguration, _ worker: WorkerContext
  ) throws(SetupFailure) -> AtomicStrategy {
    let session = try Session(configuration)
    let update = "UPDATE \(configuration.table) SET value"
    return AtomicStrategy(
      session: session,
      add: try session.prepare("\(update) = value + ?2 WHERE id = ?1 AND value + ?2 >= ?3 RETURNING value"),
      exchange: try session.prepare("\(update) = ?2 WHERE id = ?1 AND value = ?3 RETURNING value"))
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let isSingle = attempt.operation.count == 1
    var isDeciding = false
    do throws(Refusal) {
      if attempt.operation.isReadOnly {
        try session.readTogether(attempt)
        return .committed
      }
      // There is no time between reading and writing: the client thinks before.
      attempt.holdThread()
      isDeciding = isSingle
      if !isSingle { try session.beginImmediate.run() }
      for index in 0..<attempt.operation.count where try !change(index, attempt) {
        session.rollBack()
        return .refused
      }
      isDeciding = true
      if !isSingle { try session.commit.run() }
      return .committed
    } catch {
      throw session.abandon(error, attempt, decides: isDeciding)
    }
  }

  /// Changes one record. Returns false when its guard refused. A record that is only read gets 0 added, which returns
  /// its value.
  private func change(_ index: Int, _ attempt: Attempt) throws(Refusal) -> Bool {
    let step = attempt.operation[index]
    let token = attempt.operation.token
    let statement = step.effect == .read || step.effect == .add ? add : exchange
    statement.bind(1, Int64(step.key))
    switch step.effect {
    case .read, .add:
      statement.bind(2, step.effect == .add ? step.operand : 0)
      statement.bind(3, step.effect == .add ? step.bound : .min)
    case .claim, .release, .requireFree:
      statement.bind(2, step.replacement(token: token))
      statement.bind(3, step.expected(token: token))
    }
    guard try statement.next() else { return false }
    attempt.values[index] = statement.column(0)
    try statement.run()
    return true
  }
}
#endif
