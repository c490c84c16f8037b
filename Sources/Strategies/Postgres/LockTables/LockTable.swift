internal import Model
internal import Runtime

/// A table whose rows stand for locks: how one worker takes a row and gives it back.
protocol LockTable: Sendable {
  /// What all workers of a process share.
  associatedtype Configuration: Sendable
  /// Takes the options.
  static func configure(_ environment: StrategyEnvironment) -> Configuration
  /// Statements that a session prepares.
  static func statements(_ configuration: Configuration) -> [Statement]
  /// How to wait for a row that is taken; nil when the attempt fails instead.
  static func waiting(_ configuration: Configuration) -> Waiting?
  /// Whether statements that do not depend on each other's results are sent together.
  static var isPipelined: Bool { get }

  init(_ configuration: Configuration, _ worker: WorkerContext)

  /// Tries once. Returns whether the row is ours; when it throws, it is not, or ``forget(_:)`` gives it back.
  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool
  /// Gives the row back. Returns false when it was not ours any more.
  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool
  /// The fencing token of a row that is ours; nil where grants are not numbered.
  func token(_ record: Int32) -> Int64?
  /// Gives back, on a new connection, what a lost one may have left behind.
  func forget(_ connection: inout Connection) async throws(AttemptFailure)
}

extension LockTable {
  static var isPipelined: Bool { false }
  func token(_ record: Int32) -> Int64? { nil }
  /// An expiry takes care of it.
  func forget(_ connection: inout Connection) async throws(AttemptFailure) {}
}

/// A table that numbers its grants: of two grants of a row, the later one has the greater token.
protocol FencingLockTable: LockTable {}

/// How a client looks again and again whether a row is free.
struct Waiting: Sendable {
  /// Mean nanoseconds between two tries.
  let pause: Int64
  /// Whether a pause lasts half to one and a half of that, or exactly that.
  let isJittered: Bool
  /// Nanoseconds after which the attempt fails.
  let timeout: Int64

  /// - Parameter pause: the option that names the pause.
  init(_ options: Options, pause: String, isJittered: Bool) {
    self.pause = options.duration(pause).nanoseconds
    self.isJittered = isJittered
    timeout = options.duration("timeout").nanoseconds
  }

  /// The next pause.
  func pause(_ random: inout RandomSource) -> Int64 {
    isJittered ? pause / 2 &+ Int64(random.below(UInt64(pause) &+ 1)) : pause
  }

  /// Options of locks that poll.
  static func options(_ pause: String = "poll", default mean: Duration = .milliseconds(1)) -> [OptionSpecification] {
    [
      OptionSpecification(
        pause, .duration(.microseconds(10) ... .seconds(10)), default: .duration(mean),
        "Time between two tries to get a lock that is taken."),
      OptionSpecification(
        "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(10)),
        "How long to wait for a lock before the attempt fails as not-acquired."),
    ]
  }
}

extension StrategyDescriptor {
  /// A lock in a table around a store: to read, to write, and to give the lock back takes a round trip each; memory
  /// needs none.
  static func lockTable(
    _ name: String, _ summary: String, _ documentation: Documentation, over store: String,
    options: [OptionSpecification],
    threading: Threading = .perConnection
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres.\(name)", summary: summary, documentation: documentation, needs: ["postgres"], store: store,
      stores: [store], options: options, scope: .network, threading: threading,
      returnsValues: true, roundTripsUnderLock: store == "memory" ? 1 : 3)
  }
}
