/// What can be wrong with transactions, by the names of Adya.
///
/// Source: Adya, Liskov and O'Neil, "Generalized Isolation Level Definitions" (ICDE 2000).
extension Violation.Kind {
  /// Writes only.
  public static let g0 = Self(
    "G0", "Write cycle: transactions overwrote each other in a circle.")
  /// A value of an operation that failed.
  public static let abortedRead = Self(
    "G1a", "Aborted read: a value was seen whose operation failed.")
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
  /// A value that no write explains.
  public static let unexplainedValue = Self(
    "unexplained-value", "A value was seen that no operation can have stored.", .misled)

  /// All of them, in the order of their severity.
  public static let anomalies = [
    g0, abortedRead, intermediateRead, g1c, gSingle, g2Item, internalInconsistency, incompatibleOrder, duplicateElement,
    unexplainedValue,
  ]
}

/// An anomaly that was found and that the promised isolation allows.
public struct AllowedAnomaly: Sendable, Equatable, Codable {
  /// Which one.
  public let kind: Violation.Kind
  /// How often it was found.
  public let count: Int64
  /// Makes an entry.
  public init(_ kind: Violation.Kind, count: Int64) {
    self.kind = kind
    self.count = count
  }
}
