internal import Scripts

/// The values of a statement's variables as text, in memory that grows to what the longest statement needs.
///
/// libpq copies them when a statement is sent, so it may be filled again at once.
struct ScriptParameters: ~Copyable {
  private var bytes: [UInt8] = []
  /// Where each value begins; negative for null.
  private let starts: UnsafeMutablePointer<Int>
  private let addresses: UnsafeMutablePointer<UnsafePointer<CChar>?>

  /// - Parameter capacity: the most values that a statement has.
  init(capacity: Int) {
    starts = .allocate(capacity: max(1, capacity))
    addresses = .allocate(capacity: max(1, capacity))
    addresses.initialize(repeating: nil, count: max(1, capacity))
    bytes.reserveCapacity(1024)
  }

  deinit {
    starts.deallocate()
    addresses.deallocate()
  }

  /// Takes the values of the variables of a statement.
  mutating func fill(_ statement: UnsafePointer<StatementTable.Entry>, _ variables: borrowing ScriptVariables) {
    bytes.removeAll(keepingCapacity: true)
    let slots = statement.pointee.parameters
    for index in 0..<statement.pointee.parameterCount {
      let start = bytes.count
      starts[index] = variables.write(slots[index], to: &bytes) ? start : -1
      bytes.append(0)
    }
  }

  /// Takes the text of a statement with the values of its variables in it, ended by a zero.
  mutating func compose(_ statement: UnsafePointer<StatementTable.Entry>, _ variables: borrowing ScriptVariables) {
    statement.pointee.compose(variables, into: &bytes)
  }

  /// Calls a body with the text that was composed.
  func withText<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
  }

  /// Calls a body with the addresses of the values, each ended by a zero.
  func withValues<Result>(
    _ count: Int, _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { memory in
      for index in 0..<count {
        let start = starts[index]
        addresses[index] =
          start < 0 ? nil : memory.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
      }
      return body(addresses)
    }
  }
}
