public import Model
public import Runtime

/// Two-phase commit: every database promises that it can commit, the decision goes to the disk, every database commits.
///
/// The worker is the coordinator. Presumed abort: a transaction that the log does not name was not committed. Records are
/// locked in the order of the operation's steps, over all databases, so that operations that name them in one order do not
/// deadlock; others end by `lock-timeout`, for no database sees a deadlock that spans two.
public struct TwoPhaseCommit<Member: ShardMember & ~Copyable>: Strategy, ~Copyable {
  private let members: Participants<Member>
  private let shared: Configuration
  private let worker: WorkerContext
  private var sequence: Int64 = 0
  /// A branch could not be told how it ends: its session must be replaced before the next transaction.
  private var hasLostSession = false

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
    if attempt.operation.isReadOnly { return try await read(&attempt) }
    sequence &+= 1
    let number = TransactionNumber(shared.coordinator, worker: Int64(worker.index), sequence: sequence)
    var times = CommitTimes()
    try await lock(number, &attempt)
    attempt.enter()
    await attempt.hold()
    guard attempt.decide() == .write else {
      attempt.leave()
      await rollBackAll(attempt.operation)
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
      try await decide(parts, number, &attempt)
      times.end(.decide)
      await commit(parts, number, &attempt)
      times.end(.commit)
    }
    times.record(worker.stages)
    return .committed
  }

  /// Each database shows one moment of its own; together they may show a part of an operation.
  private mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    for shard in 0..<shared.sharding.count {
      let part = Part(of: attempt.operation, in: shard, shared.sharding)
      if part.isEmpty { continue }
      do throws(AttemptFailure) {
        try await members[shard].read(part, &attempt)
      } catch {
        members[shard].note(error, attempt)
        throw error
      }
    }
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
        await rollBackAll(attempt.operation)
        throw error
      }
      first = end
    }
  }

  private mutating func rollBackAll(_ operation: Operation) async {
    for shard in 0..<shared.sharding.count { await members[shard].rollBack() }
  }

  /// One database alone needs no second phase.
  private mutating func commitAtOnce(_ parts: PlacedSteps, _ attempt: inout Attempt) async throws(AttemptFailure) {
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty {
      attempt.leave()
      do throws(AttemptFailure) {
        try members[shard].send(changesOf: parts[shard], .commit, &attempt)
        try await members[shard].answer(decides: true)
      } catch {
        members[shard].note(error, attempt)
        await members[shard].rollBack()
        throw error
      }
    }
  }

  /// The first phase: all databases at the same time. When one of them cannot promise, all are rolled back, and nothing
  /// has happened.
  private mutating func prepare(
    _ parts: PlacedSteps, _ number: TransactionNumber, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    worker.points.reach(CommitPoint.beforePrepare.rawValue)
    var failure: AttemptFailure?
    var sent: UInt8 = 0
    var prepared: UInt8 = 0
    let isOneByOne = worker.points.isAwaited(CommitPoint.betweenPrepares.rawValue)
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty && failure == nil {
      let ending = parts[shard].writes(attempt.operation) ? BranchEnding.prepare(number) : .commit
      do throws(AttemptFailure) {
        try members[shard].send(changesOf: parts[shard], ending, &attempt)
        sent |= 1 << UInt8(shard)
        if isOneByOne {
          sent ^= 1 << UInt8(shard)
          try await members[shard].answer(decides: false)
          prepared |= 1 << UInt8(shard)
          worker.points.reach(CommitPoint.betweenPrepares.rawValue)
        }
      } catch {
        members[shard].note(error, attempt)
        failure = error
      }
    }
    for shard in 0..<shared.sharding.count where sent & 1 << UInt8(shard) != 0 {
      do throws(AttemptFailure) {
        try await members[shard].answer(decides: false)
        prepared |= 1 << UInt8(shard)
      } catch {
        members[shard].note(error, attempt)
        failure = failure ?? error
      }
    }
    guard let failure else { return worker.points.reach(CommitPoint.beforeDecision.rawValue) }
    attempt.leave()
    await abort(parts, prepared, number, attempt.operation)
    throw failure
  }

  /// Undoes what was prepared, and what was not. A branch of which nothing is known is left to recovery.
  private mutating func abort(
    _ parts: PlacedSteps, _ prepared: UInt8, _ number: TransactionNumber, _ operation: Operation
  ) async {
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty {
      guard prepared & 1 << UInt8(shard) != 0 && parts[shard].writes(operation) else {
        shared.recovery?.doubt(number)
        await members[shard].rollBack()
        continue
      }
      do throws(AttemptFailure) {
        try members[shard].send(.rollBackPrepared(number))
        try await members[shard].answer(decides: false)
      } catch {
        shared.recovery?.doubt(number)
        hasLostSession = true
      }
    }
  }

  /// The commit point. A record that may be on the disk or not leaves open what recovery will do.
  private mutating func decide(
    _ parts: PlacedSteps, _ number: TransactionNumber, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    do throws(SystemFailure) {
      attempt.count(.logSyncs, try await shared.log.commit(number))
    } catch {
      attempt.note(error: "\(error)")
      attempt.leave()
      hasLostSession = true
      throw .ambiguous
    }
    worker.points.reach(CommitPoint.afterDecision.rawValue)
  }

  /// The second phase: all databases at the same time. The operation has committed, whatever happens now; a branch that
  /// cannot be told is ended by recovery.
  private mutating func commit(_ parts: PlacedSteps, _ number: TransactionNumber, _ attempt: inout Attempt) async {
    attempt.leave()
    let isOneByOne = worker.points.isAwaited(CommitPoint.betweenCommits.rawValue)
    var sent: UInt8 = 0
    for shard in 0..<shared.sharding.count where parts[shard].writes(attempt.operation) {
      do throws(AttemptFailure) {
        try members[shard].send(.commitPrepared(number))
        if isOneByOne {
          try await members[shard].answer(decides: false)
          worker.points.reach(CommitPoint.betweenCommits.rawValue)
        } else {
          sent |= 1 << UInt8(shard)
        }
      } catch {
        leaveToRecovery(number, error, shard, attempt)
      }
    }
    for shard in 0..<shared.sharding.count where sent & 1 << UInt8(shard) != 0 {
      do throws(AttemptFailure) {
        try await members[shard].answer(decides: false)
      } catch {
        leaveToRecovery(number, error, shard, attempt)
      }
    }
  }

  private mutating func leaveToRecovery(
    _ number: TransactionNumber, _ failure: AttemptFailure, _ shard: Int, _ attempt: Attempt
  ) {
    members[shard].note(failure, attempt)
    shared.recovery?.doubt(number)
    hasLostSession = true
  }
}
