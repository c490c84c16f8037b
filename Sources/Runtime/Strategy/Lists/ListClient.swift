public import Model

/// A store of lists: reads them and appends to them, in transactions of some isolation.
public protocol ListClient: WorkerSession, ~Copyable {
  /// False where every statement is a transaction of its own: then there is nothing to begin, to commit or to roll back.
  static var hasTransactions: Bool { get }
  /// Begins a transaction; nothing where there are none.
  mutating func begin(readOnly: Bool) async throws(AttemptFailure)
  /// Adds the elements of a list to an array.
  mutating func read(_ list: Int32, into elements: inout [Int64]) async throws(AttemptFailure)
  /// Appends an element to a list.
  mutating func append(_ element: Int64, to list: Int32) async throws(AttemptFailure)
  /// Commits; nothing where there are no transactions. Throws ``AttemptFailure/ambiguous`` when the answer was lost.
  mutating func commit() async throws(AttemptFailure)
  /// Leaves nothing of a failed attempt behind, and says how it failed.
  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure
}

/// Lists as texts: every element is followed by a comma.
public enum ListText {
  /// Adds the elements that a text spells.
  ///
  /// - Returns: false when it is something else than a list.
  public static func read(_ text: UnsafeRawBufferPointer, into elements: inout [Int64]) -> Bool {
    var value: Int64 = 0
    var digits = 0
    for byte in text {
      if byte == UInt8(ascii: ",") {
        if digits == 0 { return false }
        elements.append(value)
        (value, digits) = (0, 0)
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit < 10, digits < 18 else { return false }
        value = value &* 10 &+ Int64(digit)
        digits &+= 1
      }
    }
    return digits == 0
  }
}
