internal import Checking
public import Model

/// Workload `transfer`: move money from one account to another; refused when the first holds too little.
///
/// Two records change together, so the sum over all accounts never does. `ordered: false` takes the locks in the order
/// drawn instead of ascending order, which provokes deadlocks.
public struct TransferWorkload: Workload {
  /// The options are `initial`, `maximum` and `ordered`.
  public static let descriptor = WorkloadDescriptor(
    id: "transfer",
    summary: "Move money between two accounts: finds created or destroyed money and negative balances.",
    options: [
      OptionSpecification(
        "initial", .integer(0...1_000_000_000_000), default: .integer(100), "Balance of each account at the start."),
      OptionSpecification(
        "maximum", .integer(1...1_000_000), default: .integer(5),
        "The largest amount of a transfer; each draws from 1 to this."),
      OptionSpecification(
        "ordered", .flag, default: .flag(true),
        "Lock the accounts in ascending order; otherwise as drawn, which provokes deadlocks."),
      OptionSpecification(
        "audits", .number(0...1), default: .number(0),
        "Share of operations that read all accounts and compare their sum; for up to \(Operation.maximumSteps) keys."),
    ],
    minimumKeys: 2)

  /// Accounts with so little that some transfers are refused.
  public static let samples = [
    WorkloadSettings(kind: descriptor.id, keys: 4, options: Options([], stated: ["initial": .integer(10)])),
    WorkloadSettings(kind: descriptor.id, keys: 3, options: Options([], stated: ["audits": .number(0.3)])),
  ]

  /// An audit reads all accounts at once.
  public static func problem(in settings: WorkloadSettings) -> String? {
    guard settings.options.number("audits") > 0, settings.keys > Operation.maximumSteps else { return nil }
    return "'audits' reads all accounts with one operation, which takes up to \(Operation.maximumSteps) records: state "
      + "fewer keys"
  }

  /// One record per key: the balance of an account.
  public let recordCount: Int
  private let keys: KeyChooser
  private let initial: Int64
  private let maximum: Int64
  private let audits: Double
  /// Whether the accounts are locked in ascending order, as the option `ordered` asks.
  public let isOrdered: Bool

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
    initial = Int64(settings.options.integer("initial"))
    maximum = Int64(settings.options.integer("maximum"))
    isOrdered = settings.options.flag("ordered")
    audits = settings.options.number("audits")
  }

  /// `initial` in every account.
  public func initialValue(of record: Int) -> Int64 { initial }

  /// Two records change together.
  public var applicability: Applicability { .any }

  /// A transfer takes or gives up to `maximum`.
  public var changes: ClosedRange<Int64> { -maximum...maximum }

  /// The sum needs no knowledge of single transfers; the ledger tells which accounts are wrong.
  public var checkers: [any Checker] {
    [Conservation(), Minimum(0), Ledger()] + (audits > 0 ? [BalancedAudits()] : [])
  }

  /// Transfers of 1 to `maximum` between two different drawn accounts, and audits among them.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      if audits > 0, random.fraction() < audits {
        return OperationTemplate(steps: (0..<recordCount).map { Step(key: $0, .read) })
      }
      let accounts = keys.next(2, using: &random)
      let amount = 1 + Int64(random.below(UInt64(maximum)))
      let steps = [
        Step(key: accounts[0], .add, operand: -amount, bound: 0),
        Step(key: accounts[1], .add, operand: amount),
      ]
      return OperationTemplate(steps: isOrdered ? steps.sorted { $0.key < $1.key } : steps)
    }
  }
}
