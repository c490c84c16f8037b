public import Model

/// What a database promises of its transactions: which anomalies may not occur. From the weakest to the strongest.
///
/// Source: Adya, Liskov and O'Neil, "Generalized Isolation Level Definitions" (ICDE 2000).
public enum Isolation: String, Sendable, CaseIterable {
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
}

/// Anomalies of transactions, by the names of Adya.
extension Violation.Kind {
  /// Writes only.
  public static let g0 = Self(
    "G0", "Write cycle: transactions overwrote each other in a circle.")
  /// A value that was not the last of its transaction.
  public static let intermediateRead = Self(
    "G1b", "Intermediate read: a value was seen that its transaction replaced itself.")
  /// Writes and reads.
  public static let g1c = Self(
    "G1c", "Circular information flow: transactions saw or overwrote each other's writes in a circle.")
  /// One anti-dependency.
  public static let gSingle = Self(
    "G-single", "Read skew or lost update: a transaction saw a state that was in part older than what it depends on.")
  /// Several anti-dependencies.
  public static let g2Item = Self(
    "G2-item", "Write skew: transactions each missed what another one of them wrote.")
  /// Against itself.
  public static let internalInconsistency = Self(
    "internal", "A transaction did not see what it had read or written itself.")
  /// Orders that contradict each other.
  public static let incompatibleOrder = Self(
    "incompatible-order", "Two reads saw the elements of one list in different orders.")
  /// An element twice.
  public static let duplicateElement = Self(
    "duplicate-element", "An element that was appended once is in a list twice.")

  /// All of them, in the order of their severity.
  static let anomalies = [
    g0, abortedRead, intermediateRead, g1c, gSingle, g2Item, internalInconsistency, incompatibleOrder, duplicateElement,
    unexplainedValue,
  ]
}
