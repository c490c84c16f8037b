internal import Checking
public import Model

/// Workload `order`: an order is noted, paid, taken from the stock and given to a carrier, each by another service.
///
/// Records 4n belong to the order service, 4n + 1 are accounts, 4n + 2 articles, 4n + 3 carriers: with four shards, each
/// service has a database of its own. Every order names its records in this order, the workflow, so that locks taken in it
/// cannot deadlock. What a service declines is drawn with the order, so that every strategy meets the same refusals.
public struct OrderWorkload: Workload {
  /// The options are `price`, `quantity`, `initial`, `declined`, `out-of-stock` and `carrier-down`.
  public static let descriptor = WorkloadDescriptor(
    id: "order",
    summary: "Note an order, charge an account, take units and a carrier: finds orders that are half done.",
    options: [
      OptionSpecification(
        "price", .integer(1...1_000_000), default: .integer(5), "What each order charges an account."),
      OptionSpecification(
        "quantity", .integer(1...1_000_000), default: .integer(1), "Units that each order takes of an article."),
      OptionSpecification(
        "initial", .integer(0...1_000_000_000_000), default: .integer(1_000_000_000),
        "Balance of each account, units of each article and parcels of each carrier; the default practically never runs out."
      ),
      OptionSpecification(
        "declined", .number(0...1), default: .number(0), "Share of orders whose payment is declined."),
      OptionSpecification(
        "out-of-stock", .number(0...1), default: .number(0), "Share of orders whose article cannot be had."),
      OptionSpecification(
        "carrier-down", .number(0...1), default: .number(0), "Share of orders whose carrier takes no parcel."),
    ],
    minimumKeys: serviceCount)

  private static let serviceCount = 4

  /// One record of each service, and refusals at different depths.
  public static let samples = [
    WorkloadSettings(
      kind: descriptor.id, keys: 4,
      options: Options([], stated: ["declined": .number(0.1), "carrier-down": .number(0.1)]))
  ]

  /// As many records of each service, all of them in one database.
  public static func problem(in settings: WorkloadSettings) -> String? {
    if settings.keys % serviceCount != 0 {
      return "an order takes one record of each of \(serviceCount) services, so keys must be a multiple of "
        + "\(serviceCount), but is \(settings.keys)"
    }
    if serviceCount % settings.shards != 0 {
      return "\(serviceCount) services cannot share \(settings.shards) databases evenly: let shards be 1, 2 or "
        + "\(serviceCount)"
    }
    return nil
  }

  /// One record per key.
  public let recordCount: Int
  private let records: KeyChooser
  private let price: Int64
  private let quantity: Int64
  private let initial: Int64
  /// By service: the share of orders that it declines.
  private let declined: [Double]

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys / Self.serviceCount * Self.serviceCount
    records = KeyChooser(keys: max(1, settings.keys / Self.serviceCount), distribution: settings.distribution)
    price = Int64(settings.options.integer("price"))
    quantity = Int64(settings.options.integer("quantity"))
    initial = Int64(settings.options.integer("initial"))
    declined = [0] + ["declined", "out-of-stock", "carrier-down"].map(settings.options.number)
  }

  /// No orders, and `initial` of all else.
  public func initialValue(of record: Int) -> Int64 { record % Self.serviceCount == 0 ? 0 : initial }

  /// Four records change together.
  public var applicability: Applicability { .any }

  /// An order adds 1 to a record of orders, and takes from all others.
  public var changes: ClosedRange<Int64> { -max(price, quantity)...1 }

  /// Orders that are half done are worst; the ledgers tell which records are wrong.
  public var checkers: [any Checker] {
    let services = [
      WholeOrders.Service("noted", change: 1), WholeOrders.Service("paid", change: -price),
      WholeOrders.Service("taken from the stock", change: -quantity), WholeOrders.Service("sent", change: -1),
    ]
    return [WholeOrders(services), Minimum(0), Ledger()]
  }

  /// Orders over one drawn record of each service.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    // An order that is noted may be cancelled: with a bound, a saga takes it for a step like any other, and begins with it.
    let amounts = [(1, 1), (-price, 0), (-quantity, 0), (-1, 0)] as [(Int64, Int64)]
    return (0..<count).map { _ in
      OperationTemplate(
        steps: amounts.indices.map { service in
          let key = records.next(using: &random) * Self.serviceCount + service
          let isDeclined = declined[service] > 0 && random.fraction() < declined[service]
          // No balance is as much: the business rule says no, whoever asks.
          return Step(
            key: key, .add, operand: amounts[service].0, bound: isDeclined ? .max : amounts[service].1)
        })
    }
  }
}
