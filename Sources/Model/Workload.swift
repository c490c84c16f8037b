/// An operation before it belongs to a worker: one entry of a thread's ring of operations.
public struct OperationTemplate: Sendable {
  /// The records and what is asked of them, in lock order; 1 to ``Operation/maximumSteps``.
  public var steps: [Step]
  /// Run only if the worker's operation before this one committed (a release follows its claim).
  public var followsCommit: Bool
  /// Makes a template.
  public init(steps: [Step], followsCommit: Bool = false) {
    self.steps = steps
    self.followsCommit = followsCommit
  }
}

/// An invariant that a workload promises, and with it the checker that decides whether it held.
public enum Invariant: Sendable, Equatable {
  /// Every record ends at its initial value plus what was acknowledged, give or take what is unknown.
  case ledger
  /// The sum over all records never changes.
  case conservation
  /// No record is ever below this value.
  case minimum(Int64)
  /// A record has at most one owner at a time.
  case exclusiveOwnership
  /// Of two records that belong together, 2n and 2n + 1, at most one has an owner at a time.
  case coveredPairs
  /// Two acknowledged operations never return the same new value of a record.
  case uniqueReturns
  /// A read sees values that all belong to the same moment.
  case consistentReads
  /// A read sees no value older than one acknowledged before the read began.
  case freshReads
}

/// The shared resource, the operations on it, and the invariants that must hold.
///
/// A workload is one file; it runs under every strategy because it only states guarded changes of records.
public protocol Workload: Sendable {
  /// Id, summary and options.
  static var descriptor: WorkloadDescriptor { get }
  /// What is wrong with settings whose options are each within their limits but do not fit together, in one sentence;
  /// nil when they fit. Readers of scenarios report it; ``init(_:)`` may count on it.
  static func problem(in settings: WorkloadSettings) -> String?
  /// Takes settings without a problem.
  init(_ settings: WorkloadSettings)
  /// Records in the store: `keys`, or a multiple of it.
  var recordCount: Int { get }
  /// Value of a record before the first operation.
  func initialValue(of record: Int) -> Int64
  /// Whether operations touch more than one record, and whether any of them is guarded: what strategies must cope with.
  var applicability: Applicability { get }
  /// Whether all operations name their records in one order, so that locks taken in it cannot deadlock.
  var isOrdered: Bool { get }
  /// Least and greatest change that one operation makes to one record, as ledgers count it. From the sign a checker
  /// tells a lost change from one applied twice, from the size how many operations a difference takes at least.
  var changes: ClosedRange<Int64> { get }
  /// Invariants, in the order in which their violations matter.
  var invariants: [Invariant] { get }
  /// Draws `count` operations, or one more where operations come in pairs; the same generator state gives the same
  /// operations.
  func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate]
}

extension Workload {
  /// No problem: most workloads have no options that depend on each other.
  public static func problem(in settings: WorkloadSettings) -> String? { nil }
  /// Ascending order.
  public var isOrdered: Bool { true }
}
