internal import Checking
public import Model

/// Workload `payment`: charge an account, by requests that carry an idempotency key and may be delivered twice.
///
/// The key is the identity of the operation, the same over all its attempts. A client whose answer is late sends the
/// request again; the account must be charged once, and every delivery get the same response.
public struct PaymentWorkload: Workload {
  /// The options are `amount`, `redelivered` and `delay`.
  public static let descriptor = WorkloadDescriptor(
    id: "payment",
    summary: "Charge accounts by requests that may be delivered twice: finds duplicate and lost charges.",
    options: [
      OptionSpecification(
        "amount", .integer(1...1_000_000), default: .integer(5),
        "The largest amount of a charge; each draws from 1 to this.")
    ] + Deliveries.options(delay: .zero))

  /// None: few strategies know idempotency keys, and tests of their own.
  public static let samples: [WorkloadSettings] = []

  /// One record per key: what was charged to an account.
  public let recordCount: Int
  /// As the options say.
  public let deliveries: DeliverySettings?
  private let keys: KeyChooser
  private let largestAmount: Int64

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
    largestAmount = Int64(settings.options.integer("amount"))
    deliveries = Deliveries.settings(settings.options)
  }

  /// Nothing was charged.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Requests with an idempotency key.
  public var applicability: Applicability { .deliveries }

  /// A charge adds 1 to `amount`.
  public var changes: ClosedRange<Int64> { 1...largestAmount }

  /// A charge that was made twice is a change that nobody was told of. What became of each key is judged by the checkers
  /// of the strategy, which knows its keys.
  public var checkers: [any Checker] { [Ledger()] }

  /// Charges of 1 to `amount` to a drawn account.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      let key = keys.next(using: &random)
      return OperationTemplate(steps: [Step(key: key, .add, operand: 1 + Int64(random.below(UInt64(largestAmount))))])
    }
  }
}
