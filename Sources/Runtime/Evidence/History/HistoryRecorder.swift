@preconcurrency internal import Glibc
internal import Model
internal import Synchronization

/// Takes what workers write of their operations out of the shared memory while the trial runs, on a thread of its own.
///
/// It only moves bytes into a file: what they mean is worked out after the trial, when nobody is measured. Where it does
/// not keep up, workers wait for it, which ``RecordedTrial`` tells; where the disk is full or the history too long, the
/// history ends at a moment, and every operation is counted that is missing.
public final class HistoryRecorder: @unchecked Sendable {  // because the thread owns the state until it has ended
  /// No history grows longer than this; about ten million operations.
  static let largestFile = 1 << 30
  /// Microseconds between two looks at the rings. Each look takes a CPU from somebody who is measured: there are fewer
  /// of them as long as rings stay nearly empty.
  private static let pauses: ClosedRange<UInt32> = 1_000...50_000

  private let memory: TrialMemory
  private let largestFile: Int
  private var file: HistoryFile
  private let isToEnd = Atomic(false)
  private let hasEnded = Atomic(false)
  /// By thread, the first moment of which something is missing.
  private var missingFrom: [Int64?]
  private var dropped = 0
  private var reason: String?

  /// Starts to take what the workers of a trial write.
  ///
  /// - Parameter folder: where the history will lie; must exist.
  public convenience init(_ memory: TrialMemory, folder: String) throws(SystemFailure) {
    try self.init(memory, folder: folder, largestFile: Self.largestFile)
    try Thread.start(stackBytes: 256 * 1024) { self.run() }
  }

  /// Does not start a thread: a test calls ``takeAll()`` itself.
  init(_ memory: TrialMemory, folder: String, largestFile: Int) throws(SystemFailure) {
    self.memory = memory
    self.largestFile = largestFile
    file = try HistoryFile(in: folder, threads: memory.layout.threads)
    missingFrom = Array(repeating: nil, count: memory.layout.threads)
  }

  private func run() {
    var pause = Self.pauses.lowerBound
    while !isToEnd.load(ordering: .acquiring) {
      let filled = takeAll()
      if filled > 0.25 {
        pause = Self.pauses.lowerBound
        continue
      }
      if filled < 0.06 { pause = min(pause * 2, Self.pauses.upperBound) }
      usleep(pause)
    }
    hasEnded.store(true, ordering: .releasing)
  }

  /// Ends the thread, takes what is left and hands it over. Call it once, after all workers have ended.
  ///
  /// - Parameter start: the moment from which the history counts.
  public func end(from start: Int64) -> RecordedTrial {
    isToEnd.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(500) }
    return handOver(from: start)
  }

  func handOver(from start: Int64) -> RecordedTrial {
    takeAll()
    var between = HistoryWaits()
    var within = HistoryWaits()
    for index in 0..<memory.layout.threads {
      guard let ring = memory.historyRing(ofThread: index) else { continue }
      between += ring.waitsBetween
      within += ring.waitsWithin
    }
    let cut = missingFrom.compactMap { $0 }.min().map {
      RecordedTrial.Cut(moment: $0, dropped: dropped, reason: reason ?? "")
    }
    return RecordedTrial(self, memory, start: start, cut: cut, waitsBetween: between, waitsWithin: within)
  }

  /// Takes what is in the rings; how full the fullest was, from 0 to 1.
  @discardableResult
  func takeAll() -> Double {
    var fullest = 0
    for index in 0..<memory.layout.threads {
      guard let ring = memory.historyRing(ofThread: index) else { continue }
      let taken = ring.taken.pointee.load(ordering: .relaxed)
      let written = ring.written.pointee.load(ordering: .acquiring)
      guard written > taken else { continue }
      let first = Int(taken) & (ring.capacity - 1)
      let count = Int(written - taken)
      let straight = min(count, ring.capacity - first)
      take(UnsafeBufferPointer(start: ring.entries + first, count: straight), ofThread: index)
      take(UnsafeBufferPointer(start: ring.entries, count: count - straight), ofThread: index)
      ring.taken.pointee.store(written, ordering: .releasing)
      fullest = max(fullest, count)
    }
    return Double(fullest) / Double(memory.layout.historyCapacity)
  }

  private func take(_ records: UnsafeBufferPointer<HistoryRecord>, ofThread thread: Int) {
    guard let first = records.first else { return }
    if reason == nil {
      if file.byteCount + records.count * MemoryLayout<HistoryRecord>.stride > largestFile {
        reason = "it has reached its greatest length"
      } else {
        do throws(SystemFailure) { return try file.append(records, ofThread: thread) } catch {
          reason = error.description
        }
      }
    }
    // Once something is missing, everything is that comes after it.
    missingFrom[thread] = missingFrom[thread] ?? first.moment
    dropped += records.reduce(0) { $0 + ($1.kind == .invoke ? 1 : 0) }
  }

  /// What was taken of a thread.
  func pieces(ofThread thread: Int) -> [HistoryFile.Piece] { file.pieces[thread] }

  /// Reads what was taken.
  func read(
    _ piece: HistoryFile.Piece, from index: Int, into records: UnsafeMutableBufferPointer<HistoryRecord>
  ) throws(SystemFailure) -> Int {
    try file.read(piece, from: index, into: records)
  }
}
