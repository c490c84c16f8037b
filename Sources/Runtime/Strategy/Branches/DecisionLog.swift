@preconcurrency internal import Glibc
public import Model
internal import Synchronization

/// The log of a coordinator: a transaction has committed when its record is on the disk, and not before.
///
/// Presumed abort: only commits are written down, so that a transaction without a record was not committed. Records have
/// a fixed length and are appended with one write each, so that the workers of several processes may share a file. It
/// lives as long as a trial, and so is never cut.
public final class DecisionLog: Sendable {
  private let descriptor: Int32
  private let group: CommitGroup?

  private static let recordBytes = 32

  /// Opens a log.
  ///
  /// - Parameters:
  ///   - path: the file; made by the driver.
  ///   - inGroups: whether decisions that are taken at about the same time are forced to the disk together.
  public init(_ path: String, inGroups: Bool = false) throws(SetupFailure) {
    descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SetupFailure("cannot open the log of decisions: \(String(cString: strerror(errno)))")
    }
    do throws(SystemFailure) { group = inGroups ? try CommitGroup(descriptor) : nil } catch {
      throw SetupFailure("cannot keep a log of decisions: \(error)")
    }
  }

  deinit {
    group?.end()
    close(descriptor)
  }

  /// Writes down that a transaction commits, and returns when that is on the disk.
  ///
  /// - Returns: how often the disk was asked: 1, or 0 for one that went with another.
  /// - Throws: when it may not be there.
  public func commit(_ number: TransactionNumber) async throws(SystemFailure) -> Int64 {
    let words = [number.coordinator.process, number.coordinator.birth, number.worker, number.sequence]
    let written = words.withUnsafeBytes { write(descriptor, $0.baseAddress, Self.recordBytes) }
    guard written == Self.recordBytes else { throw SystemFailure("write to the log of decisions") }
    if let group { return try await group.synchronize() }
    guard fdatasync(descriptor) == 0 else { throw SystemFailure("force the log of decisions to the disk") }
    return 1
  }

  /// All transactions that were decided to commit.
  public func committed() -> Set<TransactionNumber> {
    var numbers: Set<TransactionNumber> = []
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return numbers }
    let count = Int(status.st_size) / Self.recordBytes
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: max(1, count * 4)) { words in
      let read = pread(descriptor, words.baseAddress, count * Self.recordBytes, 0)
      for record in 0..<max(0, read / Self.recordBytes) {
        numbers.insert(
          TransactionNumber(
            .init(process: words[record * 4], birth: words[record * 4 + 1]), worker: words[record * 4 + 2],
            sequence: words[record * 4 + 3]))
      }
    }
    return numbers
  }
}

/// Forces what several workers have written to the disk together (group commit): while the disk is busy, the next group
/// gathers.
private final class CommitGroup: @unchecked Sendable {  // because all but the descriptor is touched under the mutex
  private typealias Waiter = UnsafeContinuation<Int32, Never>
  private let descriptor: Int32
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting: [Waiter] = []
  private var isEnding = false

  init(_ descriptor: Int32) throws(SystemFailure) {
    self.descriptor = descriptor
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, nil)
    try Thread.start(stackBytes: 256 * 1024) { [self] in serve() }
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  /// Returns when what was written before is on the disk; 1 to the first of a group, 0 to the others.
  func synchronize() async throws(SystemFailure) -> Int64 {
    let answer = await withUnsafeContinuation { (waiter: Waiter) in
      pthread_mutex_lock(mutex)
      waiting.append(waiter)
      pthread_cond_signal(arrival)
      pthread_mutex_unlock(mutex)
    }
    if answer < 0 { throw SystemFailure("force the log of decisions to the disk") }
    return Int64(answer)
  }

  /// Ends the thread.
  func end() {
    pthread_mutex_lock(mutex)
    isEnding = true
    pthread_cond_signal(arrival)
    pthread_mutex_unlock(mutex)
  }

  private func serve() {
    while let group = nextGroup() {
      let isDone = fdatasync(descriptor) == 0
      for (index, waiter) in group.enumerated() { waiter.resume(returning: isDone ? (index == 0 ? 1 : 0) : -1) }
    }
  }

  private func nextGroup() -> [Waiter]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting.isEmpty && !isEnding { pthread_cond_wait(arrival, mutex) }
    let group = waiting
    waiting = []
    return group.isEmpty ? nil : group
  }
}
