public import Synchronization

/// Watches the operations of one worker while they run, for a checker: what is wrong only at the moment, and what a reader
/// was told.
///
/// A value of the worker's own; what workers share lies in ``ObservedMemory``. It is called outside the time that is
/// measured. Why it is not a part of the loop's type: specialised for each observer, the loops of all strategies would be
/// there once per observer, six times the code, to save what an operation that asks a server does not notice; a worker
/// that has no observer pays for two flags that it reads.
public protocol Observer: Sendable {
  /// Words that it keeps for every record, shared by all workers; zero at the start.
  static var wordsPerRecord: Int { get }
  /// Whether it wants to know of operations before they are sent.
  static var looksAhead: Bool { get }
  /// Begins to watch for one worker.
  init(_ memory: ObservedMemory)
  /// An operation is about to be sent.
  mutating func begins(_ operation: Operation)
  /// An operation was answered with a commit.
  ///
  /// - Parameter values: one for each step: what was read or is now in the record.
  mutating func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts)
}

extension Observer {
  /// None.
  public static var wordsPerRecord: Int { 0 }
  /// Only answers matter.
  public static var looksAhead: Bool { false }
  /// Nothing to note.
  public mutating func begins(_ operation: Operation) {}
}

/// A 64-bit word in shared memory, used atomically.
public typealias AtomicWord = UnsafeMutablePointer<Atomic<Int64>>

/// What an observer finds in the shared memory of a trial, valid as long as its worker runs.
public struct ObservedMemory: @unchecked Sendable {  // because the words are only used atomically
  private let words: UnsafeMutableRawPointer
  private let initials: UnsafeMutableRawPointer
  private let stride: Int
  /// The values that changes returned.
  public let returned: ReturnedValues

  /// - Parameters:
  ///   - words: the first word of this observer in the line of record 0.
  ///   - initials: the initial value in the line of record 0.
  ///   - stride: bytes from the line of a record to the next.
  public init(
    words: UnsafeMutableRawPointer, initials: UnsafeMutableRawPointer, stride: Int, returned: ReturnedValues
  ) {
    self.words = words
    self.initials = initials
    self.stride = stride
    self.returned = returned
  }

  /// A word of a record, from 0 to ``Observer/wordsPerRecord`` - 1.
  public func word(_ key: Int32, _ index: Int = 0) -> AtomicWord {
    words.advanced(by: Int(key) * stride + index * 8).assumingMemoryBound(to: Atomic<Int64>.self)
  }

  /// The value of a record before the first operation, whatever the store.
  public func initial(_ key: Int32) -> Int64 {
    initials.advanced(by: Int(key) * stride).assumingMemoryBound(to: Int64.self).pointee
  }
}

/// Where an observer counts: the page of its worker's thread for the phase that an operation belongs to.
public struct ObservedCounts {
  private let page: UnsafeMutablePointer<Int64>

  /// - Parameter page: one word per ``Counter``.
  public init(_ page: UnsafeMutablePointer<Int64>) { self.page = page }

  /// Counts one more.
  public func add(_ counter: Counter) { page[counter.rawValue] &+= 1 }
}
