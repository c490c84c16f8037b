internal import Checking
public import Model

/// Workload `click`: count clicks that may be delivered twice, a moment apart.
///
/// As `payment`, but what is asked for is cheap and what is at stake is little: a duplicate is to be ignored, and a click
/// that is lost with a crash is forgiven.
public struct ClickWorkload: Workload {
  /// The options are `redelivered` and `delay`.
  public static let descriptor = WorkloadDescriptor(
    id: "click", summary: "Count clicks that may be delivered twice: finds those that count twice.",
    options: Deliveries.options(delay: .milliseconds(20)))

  /// None: few strategies know idempotency keys, and tests of their own.
  public static let samples: [WorkloadSettings] = []

  /// One counter per key.
  public let recordCount: Int
  /// As the options say.
  public let deliveries: DeliverySettings?
  private let keys: KeyChooser

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
    deliveries = Deliveries.settings(settings.options)
  }

  /// Every counter starts at 0.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Requests with an idempotency key.
  public var applicability: Applicability { .deliveries }

  /// A click counts 1.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// A click that counts twice is a change that nobody was told of.
  public var checkers: [any Checker] { [Ledger()] }

  /// Clicks on drawn counters.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in OperationTemplate(steps: [Step(key: keys.next(using: &random), .add, operand: 1)]) }
  }
}
