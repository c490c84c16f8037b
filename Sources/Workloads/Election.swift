internal import Checking
public import Model

/// Workload `election`: workers of which one is to lead, and the leader has one effect after the other.
///
/// The record counts the effects, so that the ledger tells whether each one that a leader believes to have had is there.
/// That two believe to lead at once is counted and does no harm by itself; what the store takes from one whose successor
/// has had an effect does.
public struct ElectionWorkload: Workload {
  /// The options are those of ``ElectionSettings``.
  public static let descriptor = WorkloadDescriptor(
    id: "election",
    summary: "One of all workers leads and adds 1 again and again: finds effects of leaders that had been replaced.",
    options: [
      OptionSpecification(
        "effects", .integer(0...1_000_000), default: .integer(0),
        "Effects after which a leader gives its office back; 0 for one that leads as long as it can."),
      OptionSpecification(
        "away", .duration(.zero ... .seconds(3600)), default: .duration(.milliseconds(50)),
        "How long who has given the office back leaves it to others."),
    ])

  /// None: few strategies lead, and have tests of their own.
  public static let samples: [WorkloadSettings] = []

  /// There is one office.
  public static func problem(in settings: WorkloadSettings) -> String? {
    settings.keys > 1 ? "an election has one record, which counts the effects of leaders: leave 'keys' out" : nil
  }

  /// One record: effects.
  public let recordCount = 1
  /// As the options say.
  public let election: ElectionSettings?

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    election = ElectionSettings(
      effects: settings.options.integer("effects"), away: settings.options.duration("away"))
  }

  /// No effect yet.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// A lock that is held over many operations.
  public var applicability: Applicability { .election }

  /// An effect counts 1.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// Whether each acknowledged effect is there, and whether the store took any that came too late.
  public var checkers: [any Checker] { [Ledger(), UniqueReturns(), StaleEffects()] }

  /// Effects.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in OperationTemplate(steps: [Step(key: 0, .add, operand: 1)]) }
  }
}
