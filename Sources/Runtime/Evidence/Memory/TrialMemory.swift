public import Model
public import Synchronization

/// Where everything lies in the shared memory of a trial; the driver and the workers compute the same layout.
public struct TrialLayout: Sendable, Equatable, Codable {
  /// Records of the workload.
  public let records: Int
  /// Threads over all processes.
  public let threads: Int
  /// Workers over all processes.
  public let workers: Int
  /// Operations in the ring of each thread.
  public let ringLength: Int
  /// Steps reserved for each of them.
  public let stepsPerOperation: Int
  /// Whether returned values are compared.
  public let comparesValues: Bool
  /// Entries of a history that each thread has room for until the driver takes them, a power of two; 0 when none is kept.
  public let historyCapacity: Int
  /// Critical sections that each thread has room for, to be compared with those of other hosts; 0 when none are kept.
  public let holdCapacity: Int

  /// Makes a layout.
  public init(
    records: Int, threads: Int, workers: Int, ringLength: Int, stepsPerOperation: Int, comparesValues: Bool,
    historyCapacity: Int = 0, holdCapacity: Int = 0
  ) {
    self.records = records
    self.threads = threads
    self.workers = workers
    self.ringLength = ringLength
    self.stepsPerOperation = stepsPerOperation
    self.comparesValues = comparesValues
    self.historyCapacity = historyCapacity
    self.holdCapacity = holdCapacity
  }

  static let page = 4096
  static let headerBytes = page
  var recordsOffset: Int { Self.headerBytes }
  var workersOffset: Int { recordsOffset + records * RecordSlot.stride }
  var bitsOffset: Int { (workersOffset + workers * WorkerSlot.stride).roundedUp(to: Self.page) }
  /// Returned values of a record that can be told apart; later ones are not compared.
  var bitsPerRecord: Int { comparesValues ? max(64, (1 << 26) / records / 64 * 64) : 0 }
  var threadsOffset: Int { (bitsOffset + records * bitsPerRecord / 8).roundedUp(to: Self.page) }
  var threadStride: Int { ThreadBlock.byteCount(self) }
  var historyOffset: Int { threadsOffset + threads * threadStride }
  var historyStride: Int {
    historyCapacity > 0 ? HistoryRing.byteCount(capacity: historyCapacity).roundedUp(to: Self.page) : 0
  }
  var holdsOffset: Int { historyOffset + threads * historyStride }
  var holdsStride: Int { holdCapacity > 0 ? HoldLog.byteCount(capacity: holdCapacity).roundedUp(to: Self.page) : 0 }
  /// Bytes of the whole region.
  public var byteCount: Int { holdsOffset + threads * holdsStride }
}

extension Int {
  func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}

/// Offsets in the line of a record, in 64-bit words; 128 bytes, because processors fetch lines in pairs. The second half
/// is for the locks of strategies.
@usableFromInline enum RecordSlot {
  @inlinable @inline(__always) static var stride: Int { 128 }
  @inlinable @inline(__always) static var value: Int { 0 }
  static var effect: Int { 1 }
  @inlinable @inline(__always) static var mark: Int { 2 }
  static var initial: Int { 3 }
  /// The first of the words for observers.
  static var observed: Int { 4 }
  static var observedWords: Int { 3 }
  static var fence: Int { 7 }
  @inlinable @inline(__always) static var spare: Int { 8 }
}

/// Offsets in the line of a worker, in 64-bit words.
///
/// The operation in flight is told from two words, so that each operation stores each of them once: its number and its
/// entry in the ring are announced before it starts, its number is written down after its outcome has been counted.
enum WorkerSlot {
  static var stride: Int { 128 }
  /// The operation begun last: its number from 1, and below that its entry in the ring.
  @inline(__always) static var announced: Int { 0 }
  /// The number of the operation ended last.
  @inline(__always) static var ended: Int { 1 }
  @inline(__always) static var committed: Int { 2 }
  @inline(__always) static var longestWait: Int { 3 }
  /// When the last timed operation began.
  @inline(__always) static var operationStart: Int { 4 }
  @inline(__always) static var thread: Int { 5 }
  /// When the last timed operation of the window that committed ended.
  @inline(__always) static var lastCommit: Int { 6 }
  /// How long after the common start it was awake; 0 when it was not there.
  static var startDelay: Int { 7 }

  @inline(__always) private static var entryBits: Int64 { 20 }
  /// The most operations that a ring may have.
  static var largestRing: Int { 1 << entryBits }

  @inline(__always) static func announcement(number: Int, entry: Int32) -> Int64 {
    Int64(number) &<< entryBits | Int64(entry)
  }
  static func number(of announcement: Int64) -> Int64 { announcement >> entryBits }
  static func entry(of announcement: Int64) -> Int { Int(announcement & Int64(largestRing - 1)) }
}

/// The shared memory of one trial: records of the memory store, the witness, and everything that workers count.
///
/// Each word has one writer at a time or is only used atomically; readers of live words may see a value that is a
/// moment old, never a torn one, because all words are aligned.
public final class TrialMemory: Sendable {
  /// The layout.
  public let layout: TrialLayout
  /// The mapping.
  public let region: SharedRegion
  private static let version: Int64 = 5

  /// Makes zeroed memory with a descriptor that worker processes can inherit.
  ///
  /// - Parameter path: the file that it is, which stays when everybody dies; nil for one that does not.
  public init(_ layout: TrialLayout, creating path: String? = nil) throws(SystemFailure) {
    precondition(Counter.allCases.count <= ThreadBlock.counterWords && ThreadBlock.counterWords == Counter.room)
    precondition(layout.ringLength <= WorkerSlot.largestRing)
    self.layout = layout
    if let path {
      region = try SharedRegion(byteCount: layout.byteCount, creating: path)
    } else {
      region = try SharedRegion(byteCount: layout.byteCount)
    }
    region.base.storeBytes(of: Self.version, as: Int64.self)
  }

  /// Maps inherited memory.
  public init(_ layout: TrialLayout, descriptor: Int32) throws(SystemFailure) {
    self.layout = layout
    region = try SharedRegion(mapping: descriptor, byteCount: layout.byteCount)
    precondition(region.base.load(as: Int64.self) == Self.version, "driver and worker differ in their memory layout")
  }

  /// Where a process is to end that a fault waits for.
  public var points: PointWords {
    PointWords(words: region.base.advanced(by: Self.pointsOffset).assumingMemoryBound(to: Atomic<Int64>.self))
  }
  /// What leaders leave for their successors.
  var office: OfficeWords {
    OfficeWords(words: region.base.advanced(by: Self.officeOffset).assumingMemoryBound(to: Atomic<Int64>.self))
  }
  /// In the header, in lines of their own.
  private static let pointsOffset = 256
  private static let officeOffset = 384

  /// The words of the records.
  public var records: Records {
    Records(base: region.base.advanced(by: layout.recordsOffset), count: layout.records)
  }

  /// What a thread counts.
  public func thread(_ index: Int) -> ThreadBlock {
    precondition(index >= 0 && index < layout.threads)
    return ThreadBlock(
      base: region.base.advanced(by: layout.threadsOffset + index * layout.threadStride), layout: layout)
  }

  /// What a thread writes down of its operations; nil when no history is kept.
  func historyRing(ofThread index: Int) -> HistoryRing? {
    guard layout.historyCapacity > 0 else { return nil }
    return HistoryRing(
      base: region.base.advanced(by: layout.historyOffset + index * layout.historyStride),
      capacity: layout.historyCapacity)
  }

  /// How long after the common start the last of some workers was awake, nanoseconds; nil when none was there.
  public func startDelay(of workers: Range<Int>) -> Int64? {
    workers.map { worker($0)[WorkerSlot.startDelay] }.max().flatMap { $0 > 0 ? $0 : nil }
  }

  /// What a thread keeps of its critical sections; nil when none are kept.
  func holdLog(ofThread index: Int) -> HoldLog? {
    guard layout.holdCapacity > 0 else { return nil }
    return HoldLog(
      base: region.base.advanced(by: layout.holdsOffset + index * layout.holdsStride), capacity: layout.holdCapacity)
  }

  /// The words of a worker.
  func worker(_ index: Int) -> UnsafeMutablePointer<Int64> {
    precondition(index >= 0 && index < layout.workers)
    return region.base.advanced(by: layout.workersOffset + index * WorkerSlot.stride)
      .assumingMemoryBound(to: Int64.self)
  }

  /// What an observer of a worker finds, from a word of its own on.
  func observed(fromWord word: Int, _ thread: ThreadBlock) -> ObservedMemory {
    let first = region.base.advanced(by: layout.recordsOffset)
    return ObservedMemory(
      words: first.advanced(by: (RecordSlot.observed + word) * 8), initials: first.advanced(by: RecordSlot.initial * 8),
      stride: RecordSlot.stride,
      returned: ReturnedValues(
        bits: region.base.advanced(by: layout.bitsOffset), bitsPerRecord: layout.bitsPerRecord,
        repeats: thread.duplicates))
  }
}

/// The records of the memory store, and the words that the checkers keep for each record of any store.
public struct Records: @unchecked Sendable {  // because the words are used atomically or under a strategy's protection
  @usableFromInline let base: UnsafeMutableRawPointer
  /// How many records there are.
  public let count: Int

  @inlinable @inline(__always) func word(_ key: Int32, _ offset: Int) -> AtomicWord {
    base.advanced(by: Int(key) &* RecordSlot.stride &+ offset &* 8).assumingMemoryBound(to: Atomic<Int64>.self)
  }

  /// The value of a record in the memory store. Strategies choose the ordering; unprotected ones use `.relaxed`.
  @inlinable @inline(__always) public func value(_ key: Int32) -> AtomicWord { word(key, RecordSlot.value) }
  /// 64 bytes for a lock that processes share, aligned to 64, zero at the start of a trial.
  @inlinable @inline(__always) public func spare(_ key: Int32) -> UnsafeMutableRawPointer {
    base.advanced(by: Int(key) &* RecordSlot.stride &+ RecordSlot.spare &* 8)
  }
  /// The token of the worker that entered the critical section of the record last.
  @inlinable @inline(__always) func mark(_ key: Int32) -> AtomicWord { word(key, RecordSlot.mark) }
  /// The highest fencing token with which a change of the record was acknowledged.
  func effect(_ key: Int32) -> AtomicWord { word(key, RecordSlot.effect) }
  /// The highest fencing token that the record has seen in the memory store.
  public func fence(_ key: Int32) -> AtomicWord { word(key, RecordSlot.fence) }
}
