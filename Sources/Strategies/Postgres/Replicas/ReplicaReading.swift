internal import Model
internal import Runtime

/// Where a worker reads, and what it has to wait for: all in which strategies over a primary and its standbys differ.
protocol ReplicaReading: Sendable {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  /// Whether standbys are read from.
  static var readsStandbys: Bool { get }
  /// The value of one record; a second column tells how far the server is, where that is asked for.
  static var read: Statement { get }
  /// Further statements that its sessions prepare.
  static var further: [Statement] { get }
  /// What commits wait for.
  static func commitLevel(_ options: Options) -> CommitLevel
  /// For one worker.
  init(_ options: Options, _ worker: WorkerContext)
  /// The server to read from now, after whatever must be waited for.
  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int
  /// A value was read.
  ///
  /// - Parameter progress: the second column of ``read``.
  mutating func hasRead(from position: Int, progress: Int64)
  /// A change was acknowledged, which nothing may fail any more.
  mutating func hasChanged(_ members: ReplicaMembers) async
}

extension ReplicaReading {
  static var readsStandbys: Bool { true }
  static var read: Statement { .read }
  static var further: [Statement] { [] }
  static func commitLevel(_ options: Options) -> CommitLevel { CommitLevel(options) }
  mutating func hasRead(from position: Int, progress: Int64) {}
  mutating func hasChanged(_ members: ReplicaMembers) async {}
}

extension StrategyDescriptor {
  /// Of a strategy over a primary and its standbys.
  init(
    replicas name: String, summary: String, documentation: Documentation, options: [OptionSpecification],
    grade: Grade, stages: [String]
  ) {
    self.init(
      id: "\(ReplicaAddresses.service).\(name)", summary: summary, documentation: documentation,
      store: ReplicaAddresses.service, options: options, scope: .network, threading: .perConnection,
      applicability: .singleKey, grade: grade, returnsValues: true, stages: stages)
  }
}
