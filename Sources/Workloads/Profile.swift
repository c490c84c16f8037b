internal import Checking
public import Model

/// Workload `profile`: mostly read user profiles, sometimes change one.
///
/// A profile is a few records that always change together, so a read that sees different values saw a state that never
/// was (a torn read). The values only grow, so one below an acknowledged value is stale: for everybody, or for the worker
/// that has stored it or read it before.
public struct ProfileWorkload: Workload {
  /// The options are `fields`, `reads` and `freshness`.
  public static let descriptor = WorkloadDescriptor(
    id: "profile",
    summary: "Mostly read profiles of several fields, sometimes change all of them: finds torn and stale reads.",
    options: [
      OptionSpecification(
        "fields", .integer(1...Operation.maximumSteps), default: .integer(2),
        "Records of one profile, which always change together."),
      OptionSpecification(
        "reads", .number(0...1), default: .number(0.95), "Share of the operations that only read, 0 to 1."),
      OptionSpecification(
        "freshness", .word(["latest", "session"]), default: .word("latest"),
        "What a read must show: all that was acknowledged, or all that the same worker has stored or read before."),
    ])

  /// Single records, and profiles that can be torn.
  public static let samples = [
    WorkloadSettings(
      kind: descriptor.id, keys: 2, options: Options([], stated: ["fields": .integer(1), "reads": .number(0.5)])),
    WorkloadSettings(
      kind: descriptor.id, keys: 2, options: Options([], stated: ["fields": .integer(8), "reads": .number(0.5)])),
  ]

  /// `fields` records per key, side by side.
  public let recordCount: Int
  private let profiles: KeyChooser
  private let fields: Int
  private let readShare: Double
  private let demandsLatest: Bool

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    fields = settings.options.integer("fields")
    readShare = settings.options.number("reads")
    demandsLatest = settings.options.word("freshness") == "latest"
    recordCount = settings.keys * fields
    profiles = KeyChooser(keys: settings.keys, distribution: settings.distribution)
  }

  /// All records must be countable.
  public static func problem(in settings: WorkloadSettings) -> String? {
    let fields = settings.options.integer("fields")
    let limit = Int(Int32.max) / fields
    return settings.keys <= limit
      ? nil : "with \(fields) fields there may be at most \(limit) keys, but keys is \(settings.keys)"
  }

  /// Every field starts at 0.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// As many records as there are fields, together.
  public var applicability: Applicability { fields == 1 ? .singleKey : .any }

  /// A change adds 1 to every field.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// Only what the mix can show: a single field cannot be torn, and without writes there is no ledger to check.
  public var checkers: [any Checker] {
    var promised: [any Checker] = []
    if readShare > 0, fields > 1 { promised.append(ConsistentReads()) }
    if readShare > 0 { promised += [FreshReads(isDemanded: demandsLatest), SessionReads()] as [any Checker] }
    if readShare < 1 { promised.append(Ledger()) }
    return promised
  }

  /// Reads and changes of drawn profiles.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      let first = profiles.next(using: &random) * fields
      let reads = random.fraction() < readShare
      let steps = (first..<first + fields).map { Step(key: $0, reads ? .read : .add, operand: reads ? 0 : 1) }
      return OperationTemplate(steps: steps)
    }
  }
}
