internal import Synchronization

/// One bit per value that a record may return: a bit set twice is a value returned twice. Shared by all workers.
public struct ReturnedValues: @unchecked Sendable {  // because bits are used atomically, repeats by one thread only
  private let bits: UnsafeMutableRawPointer
  private let bitsPerRecord: Int
  private let repeats: UnsafeMutablePointer<Int64>

  /// As many repeated values as a report lists.
  public static let keptRepeats = 20

  /// - Parameters:
  ///   - bits: `bitsPerRecord` for each record, a multiple of 64.
  ///   - repeats: of the worker's thread: a count, then room for ``keptRepeats`` positions.
  public init(bits: UnsafeMutableRawPointer, bitsPerRecord: Int, repeats: UnsafeMutablePointer<Int64>) {
    self.bits = bits
    self.bitsPerRecord = bitsPerRecord
    self.repeats = repeats
  }

  /// Marks the value that lies `distance` changes after the initial one.
  ///
  /// - Returns: whether it had been returned before; nil when it is out of range and is not compared.
  public func insert(key: Int32, distance: Int64) -> Bool? {
    guard distance >= 0, distance < Int64(bitsPerRecord) else { return nil }
    let position = Int(key) * bitsPerRecord + Int(distance)
    let word = bits.advanced(by: position / 64 * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    let mask: UInt64 = 1 << UInt64(position % 64)
    guard word.pointee.bitwiseOr(mask, ordering: .relaxed).oldValue & mask != 0 else { return false }
    keep(repeated: position)
    return true
  }

  /// Keeps the position of a value that was returned twice if it is among the least: whichever way evidence is split and
  /// merged, the same ones are kept.
  private func keep(repeated position: Int) {
    let (count, kept) = (Int(repeats[0]), repeats + 1)
    var index = count
    while index > 0 && kept[index - 1] > Int64(position) { index -= 1 }
    if index == Self.keptRepeats || (index > 0 && kept[index - 1] == Int64(position)) { return }
    // From the end, so that a worker that dies in between leaves nothing out.
    for later in stride(from: min(count, Self.keptRepeats - 1), to: index, by: -1) { kept[later] = kept[later - 1] }
    kept[index] = Int64(position)
    repeats[0] = Int64(min(count + 1, Self.keptRepeats))
  }
}
