public import Model
public import Runtime

/// Two-phase commit: every database promises that it can commit, the decision goes to the disk, every database commits.
///
/// The worker is the coordinator. Presumed abort: a transaction that the log does not name was not committed. Records are
/// locked in the order of the operation's steps, over all databases, so that operations that name them in one order do not
/// deadlock; others end by `lock-timeout`, for no database sees a deadlock that spans two.
public struct TwoPhaseCommit<Member: ShardMember & ~Copyable>: Strategy, ~Copyable {
  let members: Participants<Member>
  let shared: Configuration
  let worker: WorkerContext
  private var sequence: Int64 = 0
  /// A branch could not be told how it ends: its session must be replaced before the next transaction.
  var hasLostSession = false

  /// What the workers of a process share: they are one coordinator.
  public struct Configuration: Sendable {
    let members: [Member.Configuration]
    let sharding: Sharding
    let coordinator: TransactionNumber.Coordinator
    let log: DecisionLog
    let recovery: BranchRecovery?
    let onePhase: Bool
  }

  /// Opens the log, and recovers what processes before this one have left.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let sharding = try Member.sharding(environment)
    let log = try decisionLog(environment)
    let recovery = environment.options.flag("recovery") ? try recovery(environment, sharding, log) : nil
    do throws(SystemFailure) { try recovery?.start() } catch { throw SetupFailure("\(error)") }
    return Configuration(
      members: try Member.configurations(environment, sharding, prepares: true), sharding: sharding,
      coordinator: .current(), log: log, recovery: recovery, onePhase: environment.options.flag("one-phase"))
  }

  static func decisionLog(_ environment: StrategyEnvironment) throws(SetupFailure) -> DecisionLog {
    guard let path = environment.log else { throw SetupFailure("there is no file for decisions") }
    return try DecisionLog(path, inGroups: environment.options.flag("group-commit"))
  }

  static func recovery(
    _ environment: StrategyEnvironment, _ sharding: Sharding, _ log: DecisionLog
  ) throws(SetupFailure) -> BranchRecovery {
    var databases: [BranchRecovery.Database] = []
    for shard in 0..<sharding.count {
      databases.append(
        BranchRecovery.Database(
          namespace: try environment.database(shard).namespace, try Member.branches(environment, shard: shard)))
    }
    let age = environment.options.duration("prepared-timeout")
    return BranchRecovery(databases, log, heuristicAge: age > .zero ? Double(age.nanoseconds) / 1e9 : nil)
  }

  /// Connects to all databases.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> TwoPhaseCommit {
    TwoPhaseCommit(
      members: try await Participants(configuration.members, worker), shared: configuration, worker: worker)
  }

  private init(
    members: consuming Participants<Member>, shared: Configuration, worker: WorkerContext
  ) {
    self.members = members
    self.shared = shared
    self.worker = worker
  }

  /// Connects again; what was left prepared is ended by recovery.
  public mutating func reopen() async throws(SetupFailure) {
    try await members.reopen()
    hasLostSession = false
  }

  /// Closes the connections.
  public consuming func close() async {}

  // MARK: an operation

  /// Locks and reads, decides, and commits in one phase or in two.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    if hasLostSession { throw .connectionLost }
    if attempt.operation.isReadOnly {
      try await members.read(&attempt, shared.sharding)
      return .committed
    }
    sequence &+= 1
    let number = TransactionNumber(shared.coordinator, worker: Int64(worker.index), sequence: sequence)
    var times = CommitTimes()
    try await lock(number, &attempt)
    attempt.enter()
    await attempt.hold()
    guard attempt.decide() == .write else {
      attempt.leave()
      await members.rollBack()
      return .refused
    }
    let parts = PlacedSteps(attempt.operation, shared.sharding)
    if parts.count == 1 && shared.onePhase {
      times.end(.work)
      try await commitAtOnce(parts, &attempt)
      times.end(.commit)
    } else {
      times.end(.work)
      try await prepare(parts, number, &attempt)
      times.end(.prepare)
      try await decide(number, &attempt)
      times.end(.decide)
      await commit(parts, number, &attempt)
      times.end(.commit)
    }
    times.record(worker.stages)
    return .committed
  }

  /// Locks in the order of the steps: those that lie side by side in one database with one request.
  private mutating func lock(
    _ number: TransactionNumber, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    var begun: UInt8 = 0
    var first = 0
    while first < attempt.operation.count {
      let shard = shared.sharding.shard(of: attempt.operation[first].key)
      var end = first + 1
      while end < attempt.operation.count && shared.sharding.shard(of: attempt.operation[end].key) == shard { end += 1 }
      let begins = begun & 1 << UInt8(shard) == 0
      begun |= 1 << UInt8(shard)
      do throws(AttemptFailure) {
        try await members[shard].lock(first..<end, begins: begins ? number : nil, &attempt)
      } catch {
        members[shard].note(error, attempt)
        await members.rollBack()
        throw error
      }
      first = end
    }
  }
}
