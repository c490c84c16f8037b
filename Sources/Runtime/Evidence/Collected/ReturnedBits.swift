internal import Model

/// The values that the workers of a part were returned, one bit each, without the pages that hold none.
///
/// A value that two parts were returned is a duplicate that neither of them could see: their common bits are counted
/// exactly, in whatever order parts are merged.
struct ReturnedBits: Sendable, Equatable {
  static let wordsPerPage = TrialLayout.page / 8

  /// By number; none is empty, so that equal bits are equal values.
  private var pages: [Int: [UInt64]] = [:]

  /// Takes over a page of shared memory.
  mutating func take(page: Int, words: UnsafeBufferPointer<UInt64>) {
    if words.contains(where: { $0 != 0 }) { pages[page] = Array(words) }
  }

  /// Sets the bits of a run.
  mutating func insert(_ run: Range<Int>) {
    var position = run.lowerBound
    while position < run.upperBound {
      let (word, bit) = (position / 64, position % 64)
      let length = min(64 - bit, run.upperBound - position)
      let ones: UInt64 = length == 64 ? .max : (1 << UInt64(length)) - 1
      let page = word / Self.wordsPerPage
      pages[page, default: Array(repeating: 0, count: Self.wordsPerPage)][word % Self.wordsPerPage] |=
        ones << UInt64(bit)
      position += length
    }
  }

  /// Adds the bits of another part.
  ///
  /// - Returns: how many both had, and the least of their positions, as many as are kept.
  mutating func formUnion(_ other: ReturnedBits) -> (count: Int64, least: [Int]) {
    var count: Int64 = 0
    var least: [Int] = []
    for page in other.pages.keys.sorted() {
      guard let added = other.pages[page] else { continue }
      guard var mine = pages[page] else {
        pages[page] = added
        continue
      }
      for index in mine.indices {
        var common = mine[index] & added[index]
        mine[index] |= added[index]
        count += Int64(common.nonzeroBitCount)
        while common != 0 && least.count < Duplicates.kept {
          least.append((page * Self.wordsPerPage + index) * 64 + common.trailingZeroBitCount)
          common &= common - 1
        }
      }
      pages[page] = mine
    }
    return (count, least)
  }

  /// Runs of bits that are set, from low to high, as long as they get.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for page in pages.keys.sorted() {
      for (index, word) in (pages[page] ?? []).enumerated() where word != 0 {
        Self.append(word, at: (page * Self.wordsPerPage + index) * 64, to: &runs)
      }
    }
    return runs
  }

  private static func append(_ word: UInt64, at position: Int, to runs: inout [Range<Int>]) {
    var rest = word
    while rest != 0 {
      let low = rest.trailingZeroBitCount
      let end = low + (~(rest >> UInt64(low))).trailingZeroBitCount
      if let last = runs.last, last.upperBound == position + low {
        runs[runs.count - 1] = last.lowerBound..<position + end
      } else {
        runs.append(position + low..<position + end)
      }
      rest = end == 64 ? 0 : rest & (.max << UInt64(end))
    }
  }
}

/// Values that were returned twice, by position among the bits: the least ones.
///
/// The least and not the first ones, because parts have no common order in time: whichever way evidence is split and
/// merged, the same values are kept.
struct Duplicates: Sendable, Equatable {
  /// As many as a report lists.
  static let kept = ReturnedValues.keptRepeats

  private(set) var positions: [Int] = []

  /// Adds positions, in any order; one that is there already is the same finding.
  mutating func formUnion(_ more: [Int]) {
    if more.isEmpty { return }
    positions = Array(Set(positions).union(more).sorted().prefix(Self.kept))
  }
}
