#if MariaDB
internal import Model
internal import Runtime

/// How a transaction that reads, decides and writes protects what it has read.
protocol TransactionKind: SendableMetatype {
  static var descriptor: StrategyDescriptor { get }
  static var isolation: String { get }
  static var mode: Session.ReadMode { get }
  /// Whether nobody else can be between reading and writing, so that the witness may look.
  static var excludesOthers: Bool { get }
  /// Whether the server refuses to change rows that have changed since the snapshot.
  static func checksSnapshots(_ options: Options) -> Bool
}

extension TransactionKind {
  static func checksSnapshots(_ options: Options) -> Bool { false }
}

/// A transaction of the given kind: `START TRANSACTION`, one `SELECT` for each record, `UPDATE`s, `COMMIT`.
struct TransactionStrategy<Kind: TransactionKind>: Strategy, ~Copyable {
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(
      environment, isolation: Kind.isolation, checksSnapshots: Kind.checksSnapshots(environment.options))
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> TransactionStrategy<Kind> {
    TransactionStrategy(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.readTogether(attempt)
        return .committed
      }
      try await session.begin()
      for index in 0..<attempt.operation.count { try await session.read(index, attempt, Kind.mode) }
      if Kind.excludesOthers { attempt.enter() }
      await attempt.hold()
      let decision = attempt.decide()
      if decision == .write { try await session.write(attempt) }
      if Kind.excludesOthers { attempt.leave() }
      guard decision == .write else {
        await session.rollBack()
        return .refused
      }
      try await session.commit()
      return .committed
    } catch {
      throw await session.abandon(error, attempt)
    }
  }
}
#endif
