/// The bucket arithmetic of HdrHistogram (unit 1), shared by the recorder in shared memory and by its readers.
///
/// With `precisionBits` m, values below 2^m are exact and larger ones fall into buckets of relative width 2^-(m-1).
/// The range is every time there is (292 years in nanoseconds), so that nothing can lie above it: a limit of 64 s saved
/// half of the buckets, and lost the waits that mattered most. Source: HdrHistogram; C, Java and Swift editions use the
/// same indices.
public struct HistogramLayout: Sendable, Equatable, Codable {
  /// Significant decimal digits: 2 or 3.
  public let digits: Int
  /// Buckets.
  public let count: Int
  /// m in the description: 8 for two digits, 11 for three.
  public let precisionBits: Int

  /// Three digits: 432 KB per thread.
  public static let latency = HistogramLayout(digits: 3, precisionBits: 11)
  /// Two digits: 57 KB.
  public static let phase = HistogramLayout(digits: 2, precisionBits: 8)

  private init(digits: Int, precisionBits: Int) {
    self.digits = digits
    self.precisionBits = precisionBits
    count = Self.index(of: UInt64(Int64.max), precisionBits: precisionBits) + 1
  }

  /// Position of the bucket that counts a value, which is at most `Int64.max`.
  @inlinable @inline(__always) public func index(of value: UInt64) -> Int {
    Self.index(of: value, precisionBits: precisionBits)
  }

  @inlinable @inline(__always) static func index(of value: UInt64, precisionBits m: Int) -> Int {
    let shift = (64 &- m) &- (value | ((1 &<< UInt64(m)) &- 1)).leadingZeroBitCount
    return (shift &<< (m &- 1)) &+ Int(truncatingIfNeeded: value &>> UInt64(shift))
  }

  /// The least value that a bucket counts.
  public func lowestValue(at index: Int) -> UInt64 {
    guard index >= 1 << precisionBits else { return UInt64(index) }
    let shift = (index >> (precisionBits - 1)) - 1
    let mantissa = (index & ((1 << (precisionBits - 1)) - 1)) + (1 << (precisionBits - 1))
    return UInt64(mantissa) << UInt64(shift)
  }

  /// The greatest value that a bucket counts.
  public func highestValue(at index: Int) -> UInt64 { lowestValue(at: index + 1) - 1 }
}

/// Counts per bucket, taken out of shared memory; values are nanoseconds.
public struct HistogramSnapshot: Sendable, Equatable, Codable {
  /// Bucket arithmetic.
  public let layout: HistogramLayout
  /// One count per bucket.
  public private(set) var counts: [UInt64]

  /// An empty histogram.
  public init(_ layout: HistogramLayout) {
    self.layout = layout
    counts = Array(repeating: 0, count: layout.count)
  }

  /// Takes counts that follow the layout.
  public init(_ layout: HistogramLayout, counts: [UInt64]) {
    precondition(counts.count == layout.count, "the counts do not fit the layout")
    self.layout = layout
    self.counts = counts
  }

  /// Values recorded.
  public var total: UInt64 { counts.reduce(0, &+) }

  /// Adds another histogram of the same layout, bucket by bucket.
  public static func += (left: inout HistogramSnapshot, right: HistogramSnapshot) {
    precondition(left.layout == right.layout, "histograms of different layouts do not merge")
    right.counts.withUnsafeBufferPointer { left.add($0) }
  }

  /// Adds counts that follow the layout, bucket by bucket.
  ///
  /// - Parameter start: the bucket of the first of them.
  public mutating func add(_ more: UnsafeBufferPointer<UInt64>, from start: Int = 0) {
    precondition(start >= 0 && start + more.count <= layout.count, "the counts do not fit the layout")
    counts.withUnsafeMutableBufferPointer { counts in
      for index in more.indices { counts[start + index] &+= more[index] }
    }
  }

  /// What was recorded after an earlier snapshot of the same recorder.
  public func since(_ earlier: HistogramSnapshot) -> HistogramSnapshot {
    var difference = self
    for index in counts.indices { difference.counts[index] = counts[index] &- earlier.counts[index] }
    return difference
  }

  /// Records a value, at most `Int64.max`, once or several times.
  public mutating func record(_ value: UInt64, times: UInt64 = 1) { counts[layout.index(of: value)] += times }

  /// The value at a quantile from 0 to 1: the greatest value of the bucket that holds it, as HdrHistogram reports it.
  /// Nil when nothing was recorded.
  public func value(atQuantile quantile: Double) -> UInt64? {
    let total = self.total
    guard total > 0 else { return nil }
    // One step down, as HdrHistogram does it: 0.07 of 100 values is a little more than 7 in binary, and is not rank 8.
    let rank = max(1, UInt64((quantile.nextDown * Double(total)).rounded(.up)))
    var seen: UInt64 = 0
    for index in counts.indices where counts[index] > 0 {
      seen += counts[index]
      if seen >= rank { return layout.highestValue(at: index) }
    }
    return nil
  }

  /// The value at a quantile, unless fewer than 100 / (1 - quantile) values support it.
  public func supportedValue(atQuantile quantile: Double) -> UInt64? {
    Double(total) * (1 - quantile) >= 100 * (1 - 1e-9) ? value(atQuantile: quantile) : nil
  }

  /// Greatest value recorded, to the precision of its bucket; nil when nothing was recorded.
  public var maximum: UInt64? { counts.lastIndex { $0 > 0 }.map { layout.highestValue(at: $0) } }

  /// Mean of the middles of the buckets; nil when nothing was recorded.
  public var mean: Double? {
    var sum = 0.0
    for index in counts.indices where counts[index] > 0 {
      let middle = (Double(layout.lowestValue(at: index)) + Double(layout.highestValue(at: index))) / 2
      sum += Double(counts[index]) * middle
    }
    let total = self.total
    return total == 0 ? nil : sum / Double(total)
  }
}
