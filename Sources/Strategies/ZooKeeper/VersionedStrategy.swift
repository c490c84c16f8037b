#if ZooKeeper
internal import Model
internal import Runtime

/// `zookeeper.versioned`: a write that succeeds only if nobody has written since the read: compare and set.
struct VersionedStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a write that succeeds only if nobody has written since the read: compare and set.",
    algorithm: """
      `getData` of each record gives value and version; decide; `setData(path, value, version)`. Several records are
      written by one `multi` of `setData` with version, and of `check` for those that were only read: all or none. A
      version that has moved (`BADVERSION`) is a `conflict`. An operation that reads several records ends with a `multi`
      of `check`, so that they belong together.
      """,
    guarantees: "no lost update; several records change together. Every write goes through the leader in one order.",
    doesNotGuarantee: """
      progress of one worker: under contention most attempts lose. That an operation which reads one record sees the
      newest value: in an ensemble a server may be behind its leader.
      """,
    failureWindow: "none; nothing is held. A lost answer to the write leaves the outcome `unknown`.",
    roundTrips: "0; an attempt takes 2, and one for each further record.",
    source: #"ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure"; Curator `DistributedAtomicLong`."#)

  static let descriptor = StrategyDescriptor.zookeeper(
    "versioned", "getData, then setData with the version: compare and set", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> ZooKeeperConfiguration {
    try ZooKeeperConfiguration(environment)
  }

  static func open(
    _ configuration: ZooKeeperConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> VersionedStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return VersionedStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    var changes: [Handle.Change] = []
    changes.reserveCapacity(operation.count)
    for index in 0..<operation.count {
      let version = try await session.read(index, attempt)
      attempt.note(version: Int64(version), step: index)
      changes.append(
        Handle.Change(path: session.configuration.record(operation[index].key), version: version, value: nil))
    }
    if operation.isReadOnly {
      if operation.count > 1 { try await session.perform(attempt) { $0.multi(changes) } }
      return .committed
    }
    await attempt.hold()
    guard attempt.decide() == .write else { return .refused }
    for index in 0..<operation.count where operation[index].writes {
      changes[index] = session.change(index, attempt, version: changes[index].version)
    }
    try await session.write(changes, attempt)
    for index in 0..<operation.count where operation[index].writes {
      let replaced = Int64(changes[index].version)
      attempt.note(version: replaced + 1, replacing: replaced, step: index)
    }
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { session.close() }
}
#endif
