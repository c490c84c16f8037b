internal import Checking
public import Model

/// Workload `seats`: claim a free unit, then give it back.
///
/// With a `span` above 1 an operation claims several neighbouring units at once, as a hotel booking claims nights: all
/// of them or none. Without `release` the seats sell out and all later claims are refused.
public struct SeatsWorkload: Workload {
  /// The options are `span` and `release`.
  public static let descriptor = WorkloadDescriptor(
    id: "seats",
    summary: "Claim free units and give them back: finds double bookings.",
    options: [
      OptionSpecification(
        "span", .integer(1...Operation.maximumSteps), default: .integer(1),
        "Neighbouring units that one operation claims, all or none."),
      OptionSpecification(
        "release", .flag, default: .flag(true),
        "Give the units back with the next operation; otherwise they sell out."),
    ])

  /// Single units, and spans that overlap.
  public static let samples = [
    WorkloadSettings(kind: descriptor.id, keys: 2),
    WorkloadSettings(kind: descriptor.id, keys: 6, options: Options([], stated: ["span": .integer(3)])),
  ]

  /// One record per key: 0 when free, else the token of its owner.
  public let recordCount: Int
  private let firstUnits: KeyChooser
  private let span: Int
  private let releases: Bool

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    span = min(settings.options.integer("span"), settings.keys)
    releases = settings.options.flag("release")
    // The last units cannot be the first of a span.
    firstUnits = KeyChooser(keys: settings.keys - span + 1, distribution: settings.distribution)
  }

  /// A span must fit into the keys.
  public static func problem(in settings: WorkloadSettings) -> String? {
    let span = settings.options.integer("span")
    return settings.keys >= span
      ? nil : "a span of \(span) units needs at least \(span) keys, but keys is \(settings.keys)"
  }

  /// Every unit is free.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Claims of a single unit, or of several at once.
  public var applicability: Applicability { span == 1 ? .singleKey : .any }

  /// A claim counts 1 and a release -1, whatever the token.
  public var changes: ClosedRange<Int64> { releases ? -1...1 : 1...1 }

  /// A unit names its owner.
  public var holdsTokens: Bool { true }

  /// Two owners at once are worst; an owner whose claim vanished shows in the ledger.
  public var checkers: [any Checker] { [ExclusiveOwnership(), Ledger()] }

  /// A claim and its release are never parted: with releases, an odd `count` gives one operation more.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    let claims = releases ? (count + 1) / 2 : count
    return (0..<claims).flatMap { _ in
      let first = firstUnits.next(using: &random)
      let units = first..<first + span
      let claim = OperationTemplate(steps: units.map { Step(key: $0, .claim) })
      guard releases else { return [claim] }
      return [claim, OperationTemplate(steps: units.map { Step(key: $0, .release) }, followsCommit: true)]
    }
  }
}
