public import Model

/// One of several databases over which the records of an operation are spread: a session whose transactions can be
/// prepared, so that they survive it.
///
/// What is asked is sent and answered apart, so that several databases work at the same time. After a failure the
/// transaction is over, or ``rollBack()`` ends it.
public protocol Participant: WorkerSession, ~Copyable {
  /// Reads the records of some steps and locks them; begins the transaction first where it has none. Steps are of this
  /// database, in the order in which locks are to be taken.
  mutating func lock(
    _ steps: Range<Int>, begins: TransactionNumber?, _ attempt: inout Attempt
  ) async throws(AttemptFailure)
  /// Reads the records of a part, each of them once, without a transaction.
  mutating func read(_ part: Part, _ attempt: inout Attempt) async throws(AttemptFailure)
  /// Sends the changes of a part, and how the transaction ends; nil where each change stands for itself.
  mutating func send(
    changesOf part: Part, _ ending: BranchEnding?, _ attempt: inout Attempt
  ) throws(AttemptFailure)
  /// Sends the end of a transaction that is prepared.
  mutating func send(_ ending: BranchEnding) throws(AttemptFailure)
  /// Waits for the answer to what was sent last.
  ///
  /// - Parameter decides: whether the effect of the operation depends on it. Then a lost connection is ambiguous.
  mutating func answer(decides: Bool) async throws(AttemptFailure)
  /// Ends a transaction that is not prepared, if one is open.
  mutating func rollBack() async
  /// Notes an unexpected error for the report.
  func note(_ failure: AttemptFailure, _ attempt: Attempt)
}

/// How a database ends its part of a transaction.
public enum BranchEnding: Sendable {
  /// At once: the transaction lives in one database only, or has changed nothing here.
  case commit
  /// The database promises that it can commit, whatever happens to it.
  case prepare(TransactionNumber)
  /// What was prepared takes effect.
  case commitPrepared(TransactionNumber)
  /// What was prepared is undone.
  case rollBackPrepared(TransactionNumber)
}

/// The steps of an operation whose records lie in one database, one bit each.
public struct Part: Sendable {
  private var bits: UInt8 = 0

  /// The steps of an operation in one database.
  @inlinable public init(of operation: Operation, in shard: Int, _ sharding: Sharding) {
    self.init()
    for index in 0..<operation.count where sharding.shard(of: operation[index].key) == shard { insert(index) }
  }

  /// No step.
  public init() {}

  /// Adds a step.
  public mutating func insert(_ index: Int) { bits |= 1 << UInt8(index) }

  /// Whether a step is in it.
  public func contains(_ index: Int) -> Bool { bits & 1 << UInt8(index) != 0 }

  /// Whether it has none.
  public var isEmpty: Bool { bits == 0 }

  /// How many steps it has.
  public var count: Int { bits.nonzeroBitCount }

  /// Whether one of its steps changes a record.
  public func writes(_ operation: Operation) -> Bool {
    for index in 0..<operation.count where contains(index) && operation[index].writes { return true }
    return false
  }
}

/// The sessions of one worker with all databases, in their order.
public struct Participants<Member: Participant & ~Copyable>: ~Copyable {
  private let members: UnsafeMutablePointer<Member>
  /// How many there are.
  public let count: Int

  /// Opens all of them, one after the other.
  public init(_ configurations: [Member.Configuration], _ worker: WorkerContext) async throws(SetupFailure) {
    let members = UnsafeMutablePointer<Member>.allocate(capacity: configurations.count)
    var opened = 0
    do throws(SetupFailure) {
      for configuration in configurations {
        (members + opened).initialize(to: try await Member.open(configuration, worker))
        opened += 1
      }
    } catch {
      members.deinitialize(count: opened)
      members.deallocate()
      throw error
    }
    self.members = members
    count = opened
  }

  deinit {
    members.deinitialize(count: count)
    members.deallocate()
  }

  /// The session with one database.
  public subscript(shard: Int) -> Member {
    _read { yield members[shard] }
    nonmutating _modify { yield &members[shard] }
  }

  /// Reads the records of an operation from one database after the other: each shows one moment of its own, together they
  /// may show a part of an operation.
  public func read(_ attempt: inout Attempt, _ sharding: Sharding) async throws(AttemptFailure) {
    for shard in 0..<count {
      let part = Part(of: attempt.operation, in: shard, sharding)
      if part.isEmpty { continue }
      do throws(AttemptFailure) {
        try await members[shard].read(part, &attempt)
      } catch {
        members[shard].note(error, attempt)
        throw error
      }
    }
  }

  /// Ends whatever is open and not prepared.
  public func rollBack() async {
    for shard in 0..<count { await members[shard].rollBack() }
  }

  /// Opens all of them anew.
  public func reopen() async throws(SetupFailure) {
    for shard in 0..<count { try await members[shard].reopen() }
  }
}
