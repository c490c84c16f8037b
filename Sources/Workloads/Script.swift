internal import Checking
public import Model
internal import Scripts

/// Workload `script`: transactions of the user's own, in the language of pgbench, and queries that must hold.
///
/// An operation is one run of one script. In the ledger each script is a record that counts its operations, and each
/// acknowledged amount is a record of its own behind them; the last one stands for the critical section of all scripts.
public struct ScriptWorkload: Workload {
  /// What it runs is stated by keys of its own: `setup`, `transactions`, `invariants`, ...
  public static let descriptor = WorkloadDescriptor(
    id: "script", summary: "Run transactions of your own, pgbench scripts, and check your own invariants.")

  /// None: it needs a user's scripts.
  public static let samples: [WorkloadSettings] = []

  /// As the scenario states them.
  public let script: ScriptSettings?
  private let program: ScriptProgram?

  /// Takes settings whose scripts can be compiled.
  public init(_ settings: WorkloadSettings) {
    script = settings.script
    program = settings.script.flatMap { try? ScriptProgram($0) }
  }

  /// Scripts, acknowledged amounts and the critical section.
  public var recordCount: Int { (program?.transactions.count ?? 0) + (program?.acknowledgements.count ?? 0) + 1 }

  /// Nothing has been acknowledged.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Runs of scripts.
  public var applicability: Applicability { .script }

  /// Rows are locked in the order in which the scripts do it.
  public var isOrdered: Bool { false }

  /// An operation counts 1; amounts are whatever the scripts say.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// The user's invariants.
  public var checkers: [any Checker] { program.map { [Invariants($0)] } ?? [] }

  /// Scripts drawn by their weights.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    let weights = program?.weights ?? [1]
    let sum = weights.reduce(0, +)
    return (0..<count).map { _ in
      var rest = Int(random.below(UInt64(max(1, sum))))
      let index = weights.firstIndex { weight in
        rest -= weight
        return rest < 0
      }
      return OperationTemplate(steps: [Step(key: index ?? 0, .add, operand: 1)])
    }
  }
}
