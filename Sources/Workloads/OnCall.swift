internal import Checking
public import Model

/// Workload `on-call`: a doctor goes off call if the other one of the shift is on call, and comes back later.
///
/// Two operations that read both doctors of a shift and each change another one leave nobody on call: write skew, which
/// neither notices. Whoever comes back looks at the other one: as long as one is away, nobody else may be. Snapshot
/// isolation allows write skew, serializability does not. `think` is how long doctors stay away.
/// Source: the doctors of Cahill, Roehm and Fekete 2008, "Serializable Isolation for Snapshot Databases"; A5B in
/// Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
public struct OnCallWorkload: Workload {
  /// There are no options.
  public static let descriptor = WorkloadDescriptor(
    id: "on-call",
    summary: "Go off call if the other doctor of the shift is on call: finds write skew.",
    options: [], minimumKeys: 2)

  /// A single shift.
  public static let samples = [
    WorkloadSettings(kind: descriptor.id, keys: 2)
  ]

  /// One record per key: 0 while the doctor is on call, else the token of the worker. Doctors 2n and 2n + 1 share a shift.
  public let recordCount: Int
  private let shifts: KeyChooser

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys / 2 * 2
    shifts = KeyChooser(keys: max(1, settings.keys / 2), distribution: settings.distribution)
  }

  /// Doctors come in pairs.
  public static func problem(in settings: WorkloadSettings) -> String? {
    settings.keys % 2 == 0 ? nil : "two doctors share a shift, so keys must be even, but is \(settings.keys)"
  }

  /// Every doctor is on call.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// A decision over two records, of which one changes.
  public var applicability: Applicability { .any }

  /// To go counts 1 and to come back -1, whatever the token.
  public var changes: ClosedRange<Int64> { -1...1 }

  /// A doctor who is away names the worker.
  public var holdsTokens: Bool { true }

  /// A shift that nobody covers is worst; a doctor whose absence vanished shows in the ledger.
  public var checkers: [any Checker] { [CoveredPairs(), Ledger()] }

  /// To go and to come back are never parted: an odd `count` gives one operation more.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<(count + 1) / 2).flatMap { _ in
      let doctor = 2 * shifts.next(using: &random) + Int(random.below(2))
      let leaving = [Step(key: doctor, .claim), Step(key: doctor ^ 1, .requireFree)]
      let returning = [Step(key: doctor, .release), Step(key: doctor ^ 1, .read)]
      return [
        OperationTemplate(steps: leaving.sorted { $0.key < $1.key }),
        OperationTemplate(steps: returning.sorted { $0.key < $1.key }, followsCommit: true),
      ]
    }
  }
}
