import Model
import Testing

@testable import Results

@Suite struct HistogramEncodingTests {
  @Test("encodes to the bytes of the reference implementation", arguments: [ReferenceHistogram.latency, .phase])
  func encodesLikeTheReference(_ reference: ReferenceHistogram) {
    #expect(HistogramEncoding.encode(recorded(reference)) == reference.text)
  }

  @Test("decodes what the reference implementation encoded", arguments: [ReferenceHistogram.latency, .phase])
  func decodesTheReference(_ reference: ReferenceHistogram) throws {
    let histogram = try #require(HistogramEncoding.decode(reference.text))
    #expect(histogram == recorded(reference))
    #expect(histogram.total == reference.total)
    #expect([0.005, 0.5, 0.9, 0.99].map { histogram.value(atQuantile: $0) } == reference.percentiles)
  }

  @Test("a stream of several stored blocks comes back")
  func severalBlocks() throws {
    var histogram = HistogramSnapshot(.latency)
    // Counts of four bytes each and 55,296 buckets: more than the 65,535 bytes of one block.
    histogram += HistogramSnapshot(
      .latency, counts: (0..<HistogramLayout.latency.count).map { UInt64($0) + 10_000_000 })
    #expect(HistogramEncoding.decode(HistogramEncoding.encode(histogram)) == histogram)
  }

  @Test("an empty histogram comes back")
  func empty() {
    let histogram = HistogramSnapshot(.phase)
    #expect(HistogramEncoding.decode(HistogramEncoding.encode(histogram)) == histogram)
  }

  @Test("damage is noticed wherever it is")
  func damage() {
    var histogram = HistogramSnapshot(.phase)
    for value in UInt64(0)...400 { histogram.record(value * value * value) }
    let text = HistogramEncoding.encode(histogram)
    for position in stride(from: 0, to: text.utf8.count - 4, by: 1) {
      var bytes = Array(text.utf8)
      bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "z") : UInt8(ascii: "A")
      #expect(HistogramEncoding.decode(String(decoding: bytes, as: UTF8.self)) == nil, "at \(position)")
      let cut = String(text.prefix(position))
      #expect(HistogramEncoding.decode(cut) == nil, "cut at \(position)")
    }
    #expect(HistogramEncoding.decode("no base64 at all") == nil)
  }

  @Test("numbers of every length come back", arguments: [0, 1, -1, 63, 64, -64, -65, 1 << 20, .max, .min])
  func zigZag(_ value: Int64) {
    var bytes: [UInt8] = []
    ZigZag.append(value, to: &bytes)
    var position = 0
    let decoded = ZigZag.next(in: bytes, at: &position)
    #expect(decoded == value)
    #expect(position == bytes.count)
    #expect(bytes.count <= 9)
    var end = 0
    let cut = ZigZag.next(in: Array(bytes.dropLast()), at: &end)
    #expect(cut == nil)
  }

  @Test("the checksum is that of RFC 1950")
  func adler32() {
    #expect(StoredZlib.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
    // By zlib: zlib.adler32(b"\\xff" * 100000).
    #expect(StoredZlib.adler32(Array(repeating: 0xFF, count: 100_000)) == 0x149A_302C)
  }

  private func recorded(_ reference: ReferenceHistogram) -> HistogramSnapshot {
    var histogram = HistogramSnapshot(reference.isLatency ? .latency : .phase)
    let cubes = (UInt64(1)...300).map { ($0 * $0 * $0 * 7919) % 50_000_000_007 }
    for value in cubes + [0, 0, 901, 63_999_999_999, 7_000_000_000_000] { histogram.record(value) }
    var counts = histogram.counts
    counts[histogram.layout.index(of: 900)] += reference.many
    return HistogramSnapshot(histogram.layout, counts: counts)
  }
}
