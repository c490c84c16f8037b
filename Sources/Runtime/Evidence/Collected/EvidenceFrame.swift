internal import Model

/// Evidence as bytes: a header, the content in numbers of variable length, a checksum over both.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `CEVD` |
/// | 2 | version, little endian |
/// | 8 | length of the content, little endian |
/// | n | content: numbers as ``ZigZag`` writes them, in the order of ``CollectedEvidence/write(to:)`` |
/// | 8 | FNV-1a of everything before, little endian |
///
/// The checksum is against accidents, not against attackers. FNV-1a notices every single damaged byte for sure.
enum EvidenceFrame {
  static let version: UInt16 = 1
  private static let magic = Array("CEVD".utf8)
  private static let headerBytes = 14
  private static let checksumBytes = 8

  static func wrap(_ content: [UInt8]) -> [UInt8] {
    var frame = magic
    append(version, to: &frame)
    append(UInt64(content.count), to: &frame)
    frame += content
    append(checksum(frame[...]), to: &frame)
    return frame
  }

  /// The content of a frame whose length and checksum are right.
  static func unwrap(_ frame: [UInt8]) throws(EvidenceFailure) -> ArraySlice<UInt8> {
    guard frame.starts(with: magic) else { throw .notEvidence }
    guard frame.count >= headerBytes + checksumBytes else { throw .damaged }
    // First, because another version may have another header.
    let version = UInt16(truncatingIfNeeded: integer(frame[4..<6]))
    guard version == Self.version else { throw .version(version) }
    let content = headerBytes..<frame.count - checksumBytes
    guard integer(frame[6..<headerBytes]) == UInt64(content.count),
      integer(frame[content.upperBound...]) == checksum(frame[..<content.upperBound])
    else { throw .damaged }
    return frame[content]
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBufferPointer { bytes in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return hash
    }
  }
}

/// Writes numbers, vectors and texts one after the other.
struct EvidenceWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: Int64) { ZigZag.append(value, to: &bytes) }

  mutating func append(_ value: Int) { append(Int64(value)) }

  mutating func append(present value: Bool) { append(value ? 1 : 0 as Int64) }

  /// A 0 is followed by how many there are in a row.
  mutating func append(_ vector: some Sequence<Int64>) {
    var zeros: Int64 = 0
    for value in vector {
      if value == 0 {
        zeros += 1
        continue
      }
      close(&zeros)
      append(value)
    }
    close(&zeros)
  }

  private mutating func close(_ zeros: inout Int64) {
    if zeros == 0 { return }
    append(0 as Int64)
    append(zeros)
    zeros = 0
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes += text.utf8
  }
}

/// Reads what a writer wrote; throws where the bytes say something else, and never takes more memory than the caller
/// expects.
struct EvidenceReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ content: ArraySlice<UInt8>) { bytes = Array(content) }

  mutating func number() throws(EvidenceFailure) -> Int64 {
    guard let value = ZigZag.next(in: bytes, at: &position) else { throw .invalid("a number that ends early") }
    return value
  }

  /// A number from 0 to a limit.
  mutating func number(upTo limit: Int64, _ what: String) throws(EvidenceFailure) -> Int64 {
    let value = try number()
    guard value >= 0 && value <= limit else { throw .invalid("\(what) out of range") }
    return value
  }

  /// An index or length from 0 to a limit.
  mutating func count(upTo limit: Int, _ what: String) throws(EvidenceFailure) -> Int {
    Int(try number(upTo: Int64(limit), what))
  }

  mutating func isPresent() throws(EvidenceFailure) -> Bool { try number(upTo: 1, "a mark of presence") == 1 }

  mutating func vector(count: Int, _ what: String) throws(EvidenceFailure) -> [Int64] {
    var vector: [Int64] = []
    vector.reserveCapacity(count)
    while vector.count < count {
      let value = try number()
      if value != 0 {
        vector.append(value)
        continue
      }
      let zeros = try number()
      guard zeros >= 1, zeros <= Int64(count - vector.count) else { throw .invalid("\(what) of another length") }
      vector += repeatElement(0, count: Int(zeros))
    }
    return vector
  }

  /// A vector whose elements count something.
  mutating func counts(_ count: Int, _ what: String) throws(EvidenceFailure) -> [Int64] {
    let vector = try vector(count: count, what)
    guard vector.allSatisfy((0...Self.largestCount).contains) else { throw .invalid("\(what) out of range") }
    return vector
  }

  /// Two years in nanoseconds, and more operations than anybody runs; a sum of dozens still fits.
  static let largestCount: Int64 = 1 << 56

  mutating func text(upTo limit: Int) throws(EvidenceFailure) -> String {
    let length = try count(upTo: limit, "the length of a text")
    guard length <= bytes.count - position else { throw .invalid("a text that ends early") }
    defer { position += length }
    return String(decoding: bytes[position..<position + length], as: UTF8.self)
  }

  func expectEnd() throws(EvidenceFailure) {
    if position != bytes.count { throw .invalid("more content than it should") }
  }
}
