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

/// The shared resource, the operations on it, and the invariants that must hold.
///
/// A workload is one file; it runs under every strategy because it only states guarded changes of records.
public protocol Workload: Sendable {
  /// Id, summary and options.
  static var descriptor: WorkloadDescriptor { get }
  /// What is wrong with settings whose options are each within their limits but do not fit together, in one sentence;
  /// nil when they fit. Readers of scenarios report it; ``init(_:)`` may count on it.
  static func problem(in settings: WorkloadSettings) -> String?
  /// Settings with which every strategy can be tested: small enough for a few hundred operations to fight, and one for
  /// each way in which operations differ. Options that are not stated have their defaults.
  static var samples: [WorkloadSettings] { get }
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
  /// Whether records hold the token of their owner instead of an amount: a ledger counts a claim as 1 and a release as -1.
  var holdsTokens: Bool { get }
  /// How its records are lists; nil where they are numbers.
  var lists: ListSettings? { get }
  /// How its requests are delivered, which carry an idempotency key; nil where each is sent once.
  var deliveries: DeliverySettings? { get }
  /// The job that its operations are runs of; nil where operations come as the load says.
  var job: JobSettings? { get }
  /// The election whose leader has its operations as effects; nil where each operation takes its locks anew.
  var election: ElectionSettings? { get }
  /// A user's own transactions; nil where operations are guarded changes of records.
  var script: ScriptSettings? { get }
  /// The checkers of the invariants that it promises, in the order in which their violations matter.
  var checkers: [any Checker] { get }
  /// Draws `count` operations, or one more where operations come in pairs; the same generator state gives the same
  /// operations.
  func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate]
}

extension Workload {
  /// No problem: most workloads have no options that depend on each other.
  public static func problem(in settings: WorkloadSettings) -> String? { nil }
  /// Amounts.
  public var holdsTokens: Bool { false }
  /// Numbers.
  public var lists: ListSettings? { nil }
  /// Once.
  public var deliveries: DeliverySettings? { nil }
  /// None.
  public var job: JobSettings? { nil }
  /// None.
  public var election: ElectionSettings? { nil }
  /// None.
  public var script: ScriptSettings? { nil }
  /// Ascending order.
  public var isOrdered: Bool { true }
}
