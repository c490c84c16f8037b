internal import Model
internal import Synchronization

/// What one thread counts in shared memory: counters by phase, histograms, ledger, duplicates, its ring of operations.
///
/// Written by its thread only, with plain stores; read by the driver at any time.
public struct ThreadBlock: @unchecked Sendable {  // because only one thread writes, and readers expect live values
  let base: UnsafeMutableRawPointer
  let layout: TrialLayout

  /// Words reserved per phase, for the counters of the kernel and of the family of operations; a constant that the
  /// compiler can fold.
  @inlinable @inline(__always) static var counterWords: Int { 64 }
  /// Tries are told apart up to this number; the last bucket counts all above.
  @inline(__always) static var tryBuckets: Int { 64 }
  static var errorBytes: Int { 512 }
  static let histogramOrder =
    [HistogramLayout.latency] + Array(repeating: .phase, count: RecorderKind.allCases.count - 1)

  private static let counterBytes = Phase.allCases.count * counterWords * 8
  private static let triesOffset = counterBytes
  private static let duplicatesOffset = triesOffset + tryBuckets * 8
  private static let errorOffset = duplicatesOffset + (1 + ReturnedValues.keptRepeats) * 8
  private static let histogramsOffset = (errorOffset + errorBytes).roundedUp(to: 128)
  private static let histogramBytes = histogramOrder.reduce(0) { $0 + $1.count * 8 }
  private static let ledgerOffset = (histogramsOffset + histogramBytes).roundedUp(to: 128)
  @inline(__always) static var ledgerWords: Int { 4 }

  private static func ringOffset(_ layout: TrialLayout) -> Int {
    (ledgerOffset + layout.records * ledgerWords * 8).roundedUp(to: 128)
  }
  static func byteCount(_ layout: TrialLayout) -> Int {
    (ringOffset(layout) + OperationRing.byteCount(layout)).roundedUp(to: TrialLayout.page)
  }

  /// The counters of a phase, in the order of ``Counter``.
  func counters(_ phase: Phase) -> UnsafeMutablePointer<Int64> {
    base.assumingMemoryBound(to: Int64.self) + phase.rawValue * Self.counterWords
  }
  /// Committed operations of the measured window by attempts; those with one attempt follow from the counters.
  var tries: UnsafeMutablePointer<Int64> {
    base.advanced(by: Self.triesOffset).assumingMemoryBound(to: Int64.self)
  }
  /// A count, then the least positions of values that were returned twice, in their order.
  var duplicates: UnsafeMutablePointer<Int64> {
    base.advanced(by: Self.duplicatesOffset).assumingMemoryBound(to: Int64.self)
  }
  /// Text of the first error, ended by a zero byte.
  var errorText: UnsafeMutablePointer<UInt8> {
    base.advanced(by: Self.errorOffset).assumingMemoryBound(to: UInt8.self)
  }
  /// Four words per record: acknowledged sum and count, lowest and highest sum of what is unknown.
  var ledger: UnsafeMutablePointer<Int64> {
    base.advanced(by: Self.ledgerOffset).assumingMemoryBound(to: Int64.self)
  }
  var ring: OperationRing {
    OperationRing(base: base.advanced(by: Self.ringOffset(layout)), layout: layout)
  }

  /// The recorder of one kind of latency.
  func recorder(_ kind: RecorderKind) -> Recorder {
    let before = Self.histogramOrder[..<kind.rawValue].reduce(0) { $0 + $1.count * 8 }
    let counts = base.advanced(by: Self.histogramsOffset + before).assumingMemoryBound(to: UInt64.self)
    return Recorder(layout: Self.histogramOrder[kind.rawValue], counts: counts)
  }

  /// Keeps the text of an error if it is the first of this thread.
  func note(error text: String) {
    guard errorText[0] == 0 else { return }
    var end = 0
    for byte in text.utf8.prefix(Self.errorBytes - 1) {
      errorText[end] = byte
      end += 1
    }
    errorText[end] = 0
  }
}

/// The histograms of a thread, in their order in memory.
enum RecorderKind: Int, CaseIterable {
  case latency, wait, hold, commit, backoff, censored
  case stage0, stage1, stage2, stage3

  /// Of a stage that strategies name.
  init?(stage: Int) { self.init(rawValue: Self.stage0.rawValue + stage) }
}

/// Counts values into buckets in shared memory. One writer; 1 to 2 ns per value.
struct Recorder: @unchecked Sendable {  // because only one thread writes
  let layout: HistogramLayout
  let counts: UnsafeMutablePointer<UInt64>

  /// Counts a value in nanoseconds; a negative one, of a clock that was set back, as 0.
  @inline(__always) func record(_ value: Int64) {
    counts[layout.index(of: UInt64(truncatingIfNeeded: max(0, value)))] &+= 1
  }

  /// Adds what was counted so far to a histogram of the same layout.
  ///
  /// - Parameter region: where it lies. Pages that nobody has written are passed over: to read one takes it.
  func add(to sum: inout HistogramSnapshot, in region: SharedRegion) {
    let width = MemoryLayout<UInt64>.stride
    let first = region.base.distance(to: UnsafeMutableRawPointer(counts))
    let end = first + layout.count * width
    let pages = first / TrialLayout.page * TrialLayout.page..<end.roundedUp(to: TrialLayout.page)
    for part in region.touched(pages) {
      let start = (max(part.lowerBound, first) - first) / width
      let stop = (min(part.upperBound, end) - first) / width
      if start < stop { sum.add(UnsafeBufferPointer(start: counts + start, count: stop - start), from: start) }
    }
  }
}
