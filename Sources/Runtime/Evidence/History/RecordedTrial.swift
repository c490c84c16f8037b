public import Model

/// What workers wrote of all their operations, from the first of the warm-up to the last that drained.
///
/// Kept in a file and read in order of time whenever it is asked for, with memory that does not grow with the history.
public struct RecordedTrial {
  /// Where a history ends although its trial went on.
  public struct Cut: Sendable {
    let moment: Int64
    /// Operations that are missing, those that came later.
    public internal(set) var dropped: Int
    /// Why: the disk is full, or the history too long.
    public let reason: String
  }

  /// Workers that ended before the trial did.
  public struct Death: Sendable {
    let moment: Int64
    let workers: Range<Int>
    /// The operations that they had announced last.
    let announced: [Int64]
  }

  /// Where the history ends early; nil when it is whole.
  public let cut: Cut?
  /// Waits of workers between two operations because the driver did not keep up: they lower the goodput.
  public let waitsBetween: HistoryWaits
  /// Waits of workers within an operation: they are part of its latency.
  public let waitsWithin: HistoryWaits

  private let recorder: HistoryRecorder
  private let memory: TrialMemory
  private let start: Int64

  init(
    _ recorder: HistoryRecorder, _ memory: TrialMemory, start: Int64, cut: Cut?, waitsBetween: HistoryWaits,
    waitsWithin: HistoryWaits
  ) {
    self.recorder = recorder
    self.memory = memory
    self.start = start
    self.cut = cut
    self.waitsBetween = waitsBetween
    self.waitsWithin = waitsWithin
  }

  /// Goes through the history in order of time.
  ///
  /// - Parameters:
  ///   - deaths: workers that ended before the trial did, in order of time.
  ///   - end: when the last workers were ended: what is open then has an unknown outcome.
  ///   - returnsValues: whether the strategy leaves values behind.
  ///   - hasLists: whether operations are transactions over lists.
  ///   - body: is told that an operation was sent, with what is known of it then, and how it ended. Operations that
  ///     never ended are told as `info` when their workers ended.
  /// - Returns: how many operations are missing.
  /// - Throws: what `body` throws, or that the file cannot be read.
  public func replay(
    deaths: [Death], end: Int64, returnsValues: Bool, hasLists: Bool = false, _ body: (Moment) throws -> Void
  ) throws -> Int {
    var reader = HistoryMerge(recorder, threads: memory.layout.threads)
    var assembly = HistoryAssembly(memory, start: start, returnsValues: returnsValues, hasLists: hasLists)
    var deaths = deaths[...]
    var missing = cut?.dropped ?? 0
    while let (record, thread) = try reader.next() {
      if let cut, record.moment >= cut.moment {
        missing += record.kind == .invoke ? 1 : 0
        continue
      }
      while let death = deaths.first, death.moment < record.moment {
        try assembly.close(death, body)
        deaths.removeFirst()
      }
      try assembly.add(record, ofThread: thread, body)
    }
    for death in deaths where cut.map({ death.moment < $0.moment }) ?? true { try assembly.close(death, body) }
    if let cut {
      try assembly.closeAll(at: cut.moment, body)
    } else {
      try assembly.close(memory.death(of: 0..<memory.layout.workers, at: end), body)
    }
    return missing
  }

  /// Something that happens in a history.
  public enum Moment {
    /// An operation was sent.
    case invoked(RecordedOperation)
    /// It has ended, or nothing more will be known of it from this moment on.
    case ended(RecordedOperation, at: Int64)
  }
}

extension TrialMemory {
  /// Notes that workers have ended; to be called before others take their place.
  ///
  /// - Parameter moment: a moment of ``monotonicNow()`` at which they had ended.
  public func death(of workers: Range<Int>, at moment: Int64) -> RecordedTrial.Death {
    RecordedTrial.Death(
      moment: moment, workers: workers, announced: workers.map { worker($0)[WorkerSlot.announced] })
  }
}
