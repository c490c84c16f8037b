internal import Checking
public import Model

/// Workload `counter`: add 1 to one of the records.
///
/// No guard, so every operation succeeds and the sum of the acknowledged additions is known: the plainest oracle for
/// lost updates.
public struct CounterWorkload: Workload {
  /// One line for users; no options of its own.
  public static let descriptor = WorkloadDescriptor(
    id: "counter", summary: "Add 1 to one of the records: finds lost updates.")

  /// A single record: nothing is hotter.
  public static let samples = [
    WorkloadSettings(kind: descriptor.id)
  ]

  /// One record per key.
  public let recordCount: Int
  private let keys: KeyChooser

  /// Prepares the drawing of keys.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
  }

  /// Every counter starts at 0.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Additions to one record without a guard: every strategy can run it.
  public var applicability: Applicability { .unguardedAdd }

  /// Every operation adds 1.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// A lost addition shows in the ledger, and where values are returned as a value seen twice.
  public var checkers: [any Checker] { [Ledger(), UniqueReturns()] }

  /// Additions of 1 to drawn records.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      OperationTemplate(steps: [Step(key: keys.next(using: &random), .add, operand: 1)])
    }
  }
}
