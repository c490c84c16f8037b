/// What a database promises of its transactions: which anomalies may not occur. From the weakest to the strongest.
///
/// Source: Adya, Liskov and O'Neil, "Generalized Isolation Level Definitions" (ICDE 2000).
public enum Isolation: String, Sendable, Codable, CaseIterable {
  /// No dirty writes.
  case readUncommitted = "read-uncommitted"
  /// Nor dirty reads.
  case readCommitted = "read-committed"
  /// Reads of one moment, and no lost updates; write skew is allowed.
  case snapshot = "snapshot-isolation"
  /// No anomaly over records that are there (PL-2.99): not what databases call repeatable read.
  case repeatableRead = "repeatable-read"
  /// As one after the other.
  case serializable = "serializable"

  /// Whether a finding contradicts the promise.
  public func forbids(_ kind: Violation.Kind) -> Bool {
    switch kind {
    case .g0: true
    case .abortedRead, .intermediateRead, .g1c: self != .readUncommitted
    case .gSingle, .internalInconsistency: ![.readUncommitted, .readCommitted].contains(self)
    case .g2Item: [.repeatableRead, .serializable].contains(self)
    // What is no matter of isolation: an element twice, one that nobody appended, two orders of one list.
    default: true
    }
  }

  /// Whether whoever promises this promises all of the other, too.
  public func implies(_ other: Isolation) -> Bool {
    Violation.Kind.anomalies.allSatisfy { !other.forbids($0) || forbids($0) }
  }
}

/// What a strategy promises of transactions over lists; see ``ListSettings``.
public struct ListTransactions: Sendable {
  /// What a violation would mean.
  public let grade: Grade
  private let level: Isolation
  private let raised: (flag: String, level: Isolation)?

  /// - Parameters:
  ///   - level: which anomalies never occur.
  ///   - raised: an option of the strategy that makes it a stronger level.
  public init(_ level: Isolation, raised: (flag: String, level: Isolation)? = nil) {
    self.level = level
    self.raised = raised
    grade = .forbidden
  }

  private init(control level: Isolation) {
    self.level = level
    raised = nil
    grade = .required
  }

  /// No transactions, but statements of their own: a control, of which anomalies must be found.
  public static let none = ListTransactions(control: .serializable)

  /// Which anomalies never occur, with these options of the strategy.
  public func isolation(_ options: Options) -> Isolation {
    guard let raised, options.values[raised.flag] == .flag(true) else { return level }
    return raised.level
  }
}
