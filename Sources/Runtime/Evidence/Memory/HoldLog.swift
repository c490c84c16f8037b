internal import Model

/// The critical sections of one thread in shared memory, where those of several hosts are to be compared: a host's own are
/// witnessed by marks. The first ones up to its capacity; later ones are counted and not kept.
///
/// Written after an operation has ended, outside of what is timed, so that nobody pays who keeps none.
struct HoldLog: @unchecked Sendable {  // because one thread writes, and readers come after it
  let base: UnsafeMutableRawPointer
  /// Sections that it holds.
  let capacity: Int

  /// Words of one entry: record, entered, left.
  private static let words = 3
  private static let headerBytes = 64
  static func byteCount(capacity: Int) -> Int { headerBytes + capacity * words * 8 }

  private var count: UnsafeMutablePointer<Int64> { base.assumingMemoryBound(to: Int64.self) }
  private var entries: UnsafeMutablePointer<Int64> { (base + Self.headerBytes).assumingMemoryBound(to: Int64.self) }

  /// Adds a section for each record that the operation changes.
  func append(_ operation: Operation, entered: Int64, left: Int64) {
    for step in 0..<operation.count {
      let position = count.pointee
      count.pointee = position &+ 1
      guard position < Int64(capacity) else { continue }
      let entry = entries + Int(position) * Self.words
      entry[0] = Int64(operation[step].key)
      entry[1] = entered
      entry[2] = left
    }
  }

  /// What is kept.
  var holds: [HeldSection] {
    (0..<Int(min(count.pointee, Int64(capacity)))).map { index in
      let entry = entries + index * Self.words
      return HeldSection(key: Int32(truncatingIfNeeded: entry[0]), entered: entry[1], left: entry[2])
    }
  }
}

/// A critical section: from when to when nobody else was to be inside.
public struct HeldSection: Sendable, Equatable {
  /// Its record.
  public let key: Int32
  /// Moments of ``monotonicNow()`` on its host.
  public let entered: Int64
  /// When the protection was given up, just before.
  public let left: Int64

  /// Makes one.
  public init(key: Int32, entered: Int64, left: Int64) {
    self.key = key
    self.entered = entered
    self.left = left
  }
}

extension TrialMemory {
  /// The critical sections of all threads that are kept; none where none are.
  public var heldSections: [HeldSection] { (0..<layout.threads).flatMap { holdLog(ofThread: $0)?.holds ?? [] } }
}
