internal import FoundationEssentials
public import Model

/// The compressed V2 form of HdrHistogram, in base64: what its log files hold, readable in every language it has.
///
/// Source: `HdrHistogram.encodeIntoByteBuffer` and `ZigZagEncoding` of the Java edition.
public enum HistogramEncoding {
  private static let payloadCookie: UInt32 = 0x1C84_9303 | 0x10
  private static let compressedCookie: UInt32 = 0x1C84_9304 | 0x10
  private static let headerBytes = 40

  /// Encodes a histogram.
  public static func encode(_ histogram: HistogramSnapshot) -> String {
    let counts = encodeCounts(histogram.counts)
    var payload = Writer()
    payload.append(payloadCookie)
    payload.append(UInt32(counts.count))
    payload.append(UInt32(0))  // offset of the normalising index: never shifted
    payload.append(UInt32(histogram.layout.digits))
    payload.append(UInt64(1))  // lowest value that can be told from 0
    payload.append(histogram.layout.highestValue(at: histogram.layout.count - 1))
    payload.append((1.0).bitPattern)  // conversion ratio from integers to doubles
    let stream = StoredZlib.wrap(payload.bytes + counts)
    var whole = Writer()
    whole.append(compressedCookie)
    whole.append(UInt32(stream.count))
    return Data(whole.bytes + stream).base64EncodedString()
  }

  /// Decodes a histogram that ``encode(_:)`` wrote; nil when it is damaged, compressed, of another number of digits than
  /// 2 or 3, or when it holds values beyond our layouts.
  public static func decode(_ text: String) -> HistogramSnapshot? {
    guard let data = Data(base64Encoded: text) else { return nil }
    var whole = Reader(bytes: Array(data))
    guard whole.word() == compressedCookie, let length = whole.word(), whole.remaining == Int(length),
      let bytes = StoredZlib.unwrap(whole.rest), bytes.count >= headerBytes
    else { return nil }
    var payload = Reader(bytes: bytes)
    guard payload.word() == payloadCookie, let size = payload.word(), payload.word() == 0, let digits = payload.word(),
      payload.doubleWord() == 1, payload.doubleWord() != nil, payload.doubleWord() == (1.0).bitPattern,
      payload.remaining == Int(size),
      let layout = [HistogramLayout.phase, .latency].first(where: { $0.digits == digits })
    else { return nil }
    return decodeCounts(payload.rest, count: layout.count).map { HistogramSnapshot(layout, counts: $0) }
  }

  /// Counts up to the last one that is not 0; a run of zeros becomes one negative number.
  private static func encodeCounts(_ counts: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    let end = (counts.lastIndex { $0 > 0 } ?? -1) + 1
    while index < end {
      var value = Int64(clamping: counts[index])
      index += 1
      if value == 0 {
        let start = index - 1
        while counts[index] == 0 { index += 1 }
        value = -Int64(index - start)
      }
      ZigZag.append(value, to: &bytes)
    }
    return bytes
  }

  private static func decodeCounts(_ bytes: [UInt8], count: Int) -> [UInt64]? {
    var counts = Array(repeating: UInt64(0), count: count)
    var index = 0
    var position = 0
    while position < bytes.count {
      guard let value = ZigZag.next(in: bytes, at: &position) else { return nil }
      if value < 0 {
        guard value >= -Int64(count - index) else { return nil }
        index += Int(-value)
      } else {
        guard index < count else { return nil }
        counts[index] = UInt64(value)
        index += 1
      }
    }
    return counts
  }
}

/// Writes integers with the most significant byte first.
private struct Writer {
  private(set) var bytes: [UInt8] = []
  mutating func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes += $0 } }
}

/// Reads integers with the most significant byte first.
private struct Reader {
  let bytes: [UInt8]
  var position = 0
  init(bytes: [UInt8]) { self.bytes = bytes }
  var remaining: Int { bytes.count - position }
  var rest: [UInt8] { Array(bytes[position...]) }
  mutating func word() -> UInt32? { integer(of: 4).map { UInt32($0) } }
  mutating func doubleWord() -> UInt64? { integer(of: 8) }
  private mutating func integer(of size: Int) -> UInt64? {
    guard remaining >= size else { return nil }
    defer { position += size }
    return bytes[position..<position + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }
}
