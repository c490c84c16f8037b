internal import Checking
public import Model

/// Workload `stock`: buy from a limited stock; the purchase is refused when not enough is left.
///
/// A flash sale: the guard reads what the change writes, so a strategy that lets two buyers read the same value sells
/// more than there was.
public struct StockWorkload: Workload {
  /// The options are `initial` and `amount`.
  public static let descriptor = WorkloadDescriptor(
    id: "stock",
    summary: "Take from a limited stock, refused when not enough is left: finds overselling.",
    options: [
      OptionSpecification(
        "initial", .integer(0...1_000_000_000_000), default: .integer(1_000_000_000),
        "Units of each record at the start; the default practically never sells out."),
      OptionSpecification(
        "amount", .integer(1...1_000_000), default: .integer(1),
        "The most units of one purchase; each draws from 1 to this."),
    ])

  /// Plenty, where returned values are unique, and so few that they sell out.
  public static let samples = [
    WorkloadSettings(kind: descriptor.id),
    WorkloadSettings(
      kind: descriptor.id, options: Options([], stated: ["initial": .integer(200), "amount": .integer(3)])),
  ]

  /// One record per key: how much of one article is left.
  public let recordCount: Int
  private let keys: KeyChooser
  private let initial: Int64
  private let largestAmount: Int64

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
    initial = Int64(settings.options.integer("initial"))
    largestAmount = Int64(settings.options.integer("amount"))
  }

  /// `initial` units of every article.
  public func initialValue(of record: Int) -> Int64 { initial }

  /// A guarded change of one record.
  public var applicability: Applicability { .singleKey }

  /// A purchase takes 1 to `amount` units.
  public var changes: ClosedRange<Int64> { -largestAmount ... -1 }

  /// Returned values fall strictly, so they are unique whatever the amounts. But two purchases of different amounts
  /// from the same value return different ones: with several amounts, no duplicates would prove little.
  public var checkers: [any Checker] {
    [Minimum(0), Ledger()] + (largestAmount == 1 ? [UniqueReturns()] : [])
  }

  /// Purchases of 1 to `amount` units of a drawn article.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      let key = keys.next(using: &random)
      let amount = largestAmount == 1 ? 1 : 1 + Int64(random.below(UInt64(largestAmount)))
      return OperationTemplate(steps: [Step(key: key, .add, operand: -amount, bound: 0)])
    }
  }
}
