internal import Checking
public import Model

/// Workload `list-append`: transactions that read whole lists and append elements which nothing else has.
///
/// What a read saw tells in which order the transactions before it came. Where they would have to come in a circle, no
/// order explains them, and the kinds of dependencies in it name the anomaly: G0, G1a, G1b, G1c, G-single, G2-item. What
/// a strategy promises decides which of them are violations; the others are counted. For strategies with transactions over
/// lists: those of PostgreSQL, MariaDB and SQLite at every level of isolation.
/// Source: Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020).
public struct ListAppendWorkload: Workload {
  private static let promised = "promised"

  /// The options are `size`, `reads`, `length`, `ordered` and `isolation`.
  public static let descriptor = WorkloadDescriptor(
    id: "list-append",
    summary: "Read lists and append to them in transactions: finds the anomalies of an isolation level.",
    options: [
      OptionSpecification(
        "size", .integer(1...Operation.maximumSteps), default: .integer(4),
        "The most reads and appends of one transaction; each draws from 1 to this."),
      OptionSpecification("reads", .number(0.1...0.9), default: .number(0.5), "Share of the reads among them."),
      OptionSpecification(
        "length", .integer(4...256), default: .integer(32),
        "Elements with which a list makes way for the next one of its key."),
      OptionSpecification(
        "ordered", .flag, default: .flag(true),
        "Name the keys of a transaction in ascending order; otherwise as drawn, which provokes deadlocks."),
      OptionSpecification(
        "isolation", .word([promised] + Isolation.allCases.map(\.rawValue)), default: .word(promised),
        "What transactions are judged by; promised: what the strategy promises."),
    ])

  /// None: few strategies have transactions over lists, and tests of their own.
  public static let samples: [WorkloadSettings] = []

  /// Lists at a time: one per key.
  public let recordCount: Int
  /// What the store must hold.
  public let lists: ListSettings?
  private let keys: KeyChooser
  private let largestSize: Int
  private let readShare: Double
  /// Whether transactions name their keys in ascending order, as the option `ordered` asks. Those that read and then
  /// change may still deadlock where reads take locks that others share.
  public let isOrdered: Bool

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    recordCount = settings.keys
    keys = KeyChooser(keys: settings.keys, distribution: settings.distribution)
    largestSize = settings.options.integer("size")
    readShare = settings.options.number("reads")
    isOrdered = settings.options.flag("ordered")
    lists = ListSettings(
      keys: settings.keys, longest: settings.options.integer("length"),
      isolation: Isolation(rawValue: settings.options.word("isolation")))
  }

  /// Every key has many lists.
  public static func problem(in settings: WorkloadSettings) -> String? {
    settings.keys <= ListSettings.mostKeys
      ? nil : "there may be at most \(ListSettings.mostKeys) lists at a time, but keys is \(settings.keys)"
  }

  /// Every list is empty.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// Transactions over lists.
  public var applicability: Applicability { .lists }

  /// An append makes a list longer by 1.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// Anomalies; and an append that is missing at the end, which none of them needs to show.
  public var checkers: [any Checker] { [Transactions(), Ledger()] }

  /// Transactions of 1 to `size` reads and appends over drawn keys; a key may come again.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in
      let size = 1 + Int(random.below(UInt64(largestSize)))
      let steps = (0..<size).map { _ in
        let reads = random.fraction() < readShare
        return Step(key: keys.next(using: &random), reads ? .read : .add, operand: reads ? 0 : 1)
      }
      return OperationTemplate(steps: isOrdered ? steps.stablySorted() : steps)
    }
  }
}

extension [Step] {
  /// By key; what happens to one key stays in its order.
  fileprivate func stablySorted() -> [Step] {
    enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
  }
}
