internal import Model
internal import Synchronization

/// The entries of one thread that the driver has not taken yet, in shared memory.
///
/// The thread writes, the driver takes. An entry is there for good once the count of those written has passed it: of a
/// worker that is killed, everything is kept but the entry that it was writing.
///
/// When the ring is full, the thread waits for the driver: entries are never dropped. Workers see to it that there is
/// room before an operation begins, so that they wait outside of what is timed; both kinds of waits are counted.
struct HistoryRing: @unchecked Sendable {  // because each word has one writer, and those that two read are atomic
  let base: UnsafeMutableRawPointer
  /// Entries that it holds: a power of two.
  let capacity: Int

  private static var headerBytes: Int { 256 }
  static func byteCount(capacity: Int) -> Int { headerBytes + capacity * MemoryLayout<HistoryRecord>.stride }

  /// In the line of the thread: entries written, those taken as far as it knows, and its waits.
  @inline(__always) private var words: UnsafeMutablePointer<Int64> { base.assumingMemoryBound(to: Int64.self) }
  @inline(__always) var written: AtomicWord { base.assumingMemoryBound(to: Atomic<Int64>.self) }
  /// In a line of its own: entries taken.
  @inline(__always) var taken: AtomicWord { (base + 128).assumingMemoryBound(to: Atomic<Int64>.self) }
  @inline(__always) var entries: UnsafeMutablePointer<HistoryRecord> {
    (base + Self.headerBytes).assumingMemoryBound(to: HistoryRecord.self)
  }

  /// Waits of the thread between two operations.
  var waitsBetween: HistoryWaits { HistoryWaits(count: Int(words[2]), nanoseconds: words[3]) }
  /// Waits of the thread within one, which count as its latency.
  var waitsWithin: HistoryWaits { HistoryWaits(count: Int(words[4]), nanoseconds: words[5]) }

  /// Adds an entry.
  func append(_ record: HistoryRecord) {
    let position = words[0]
    if position &- words[1] >= Int64(capacity) { wait(for: 1, countingAt: 4) }
    entries[Int(position) & (capacity &- 1)] = record
    written.pointee.store(position &+ 1, ordering: .releasing)
  }

  /// Waits until a quarter of the ring is free: more than the workers of the thread write for one operation each.
  @inline(__always) func makeRoom() {
    if words[0] &- words[1] > Int64(capacity &- capacity / 4) { wait(for: capacity / 4, countingAt: 2) }
  }

  /// Asks how far the driver has come, and waits for it if need be.
  @inline(never) private func wait(for room: Int, countingAt counter: Int) {
    words[1] = taken.pointee.load(ordering: .acquiring)
    if hasRoom(for: room) { return }
    let since = monotonicNow()
    repeat {
      blockThread(until: monotonicNow() &+ 50_000)
      words[1] = taken.pointee.load(ordering: .acquiring)
    } while !hasRoom(for: room)
    words[counter] &+= 1
    words[counter &+ 1] &+= monotonicNow() &- since
  }

  private func hasRoom(for room: Int) -> Bool { Int64(capacity) &- (words[0] &- words[1]) >= Int64(room) }
}

/// How often, and how long in all, workers waited because the driver had not taken their entries.
public struct HistoryWaits: Sendable, Equatable {
  /// How often.
  public var count = 0
  /// How long in all.
  public var nanoseconds: Int64 = 0
  /// None.
  public init() {}
  init(count: Int, nanoseconds: Int64) {
    self.count = count
    self.nanoseconds = nanoseconds
  }
  static func += (left: inout HistoryWaits, right: HistoryWaits) {
    left.count += right.count
    left.nanoseconds += right.nanoseconds
  }
}
