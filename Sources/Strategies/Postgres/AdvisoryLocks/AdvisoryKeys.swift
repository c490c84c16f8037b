/// Names of advisory locks: 64-bit numbers from a namespace and a record.
///
/// FNV-1a with 64 bits over the bytes of the namespace, a colon and the record as four bytes, lowest first. Computed by
/// the client, so that every client that knows the rule finds the same lock; `hashtext` of the server has 32 bits and is
/// undocumented. Two records with the same number would share a lock: slower, never wrong.
/// Source: Fowler, Noll, Vo, Eastlake and Hansen, RFC 9923.
struct AdvisoryKeys: Sendable {
  private let prefix: UInt64

  /// Starts with a namespace.
  init(namespace: String) { prefix = Self.hash(Array(namespace.utf8) + [UInt8(ascii: ":")]) }

  /// The number of a record's lock.
  func lock(of record: Int32) -> Int64 {
    var hash = prefix
    var rest = UInt32(bitPattern: record)
    for _ in 0..<4 {
      hash = Self.mix(hash, UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return Int64(bitPattern: hash)
  }

  /// FNV-1a of some bytes.
  static func hash(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0xCBF2_9CE4_8422_2325, mix) }

  private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
}
