internal import Model
internal import Runtime

/// What came of the faults of a trial: how many operations were committed when, and who followed a holder that was lost.
///
/// Seen from outside, by counts that the workers keep anyway: nobody pays.
struct FaultCourse {
  /// What the workers had counted at a moment.
  private struct Sample {
    let moment: Int64
    let committed: Int64
    let overlaps: Int64
  }
  private struct Happening {
    var record: FaultRecord
    let injected: Int64
    var healed: Int64?
    var takeover: Takeover?
    /// When somebody else had entered.
    var followed: Int64?
  }

  /// Recovery is judged by goodput over so long.
  private static let recoveryWindow: Int64 = 100_000_000
  private static let recoveryShare = 0.9
  private static let finestStep: Int64 = 1_000_000
  private static let mostSamples: Int64 = 60_000
  /// Reading the counts of a thread that runs elsewhere takes about 200 ns; so it takes a fiftieth of a CPU at the most.
  private static let stepPerThread: Int64 = 10_000

  private var threads = 1
  private var samples: [Sample] = []
  private var happenings: [Happening] = []
  private var abandoned = AbandonedLocks()
  private var seenDeaths = 0

  /// Whether a holder was lost and nobody was seen to follow.
  var awaitsTakeover: Bool { happenings.contains { $0.takeover != nil && $0.followed == nil } }

  /// When the counts are to be read next.
  func nextLook(_ times: TrialTimes) -> Int64 {
    let step = max(Self.finestStep, Int64(threads) * Self.stepPerThread)
    return (samples.last?.moment ?? 0) + max(step, (times.closes - times.opens) / Self.mostSamples)
  }

  /// Reads the counts, if it is time, and looks who has followed whom.
  mutating func look(at trial: TrialController) {
    let now = monotonicNow()
    threads = trial.threadCount
    for index in happenings.indices where happenings[index].followed == nil {
      if happenings[index].takeover?.hasHappened(trial) == true { happenings[index].followed = now }
    }
    abandoned.look(at: trial, now)
    if now >= trial.times.opens, now >= nextLook(trial.times) { sample(trial, at: now) }
  }

  private mutating func sample(_ trial: TrialController, at now: Int64) {
    samples.append(
      Sample(moment: now, committed: trial.measured(.committed), overlaps: trial.measured(.overlaps)))
  }

  /// A fault has happened; the moment is that before it did.
  mutating func injected(_ planned: PlannedFault, at moment: Int64, due: Int64, _ trial: TrialController) {
    sample(trial, at: moment)
    var record = FaultRecord(
      fault: planned.position, kind: planned.kind, summary: planned.fault.summary,
      requestedSecond: trial.times.second(at: due))
    record.subject = planned.fault.subject
    record.injectedSecond = trial.times.second(at: moment)
    abandoned.add(Array(trial.deadHolders[seenDeaths...]), happening: happenings.count)
    if trial.deadHolders.count > seenDeaths { record.abandonedLocks = 0 }
    seenDeaths = trial.deadHolders.count
    happenings.append(Happening(record: record, injected: moment, takeover: trial.lostHolder.map(Takeover.init)))
  }

  /// A fault was undone.
  mutating func healed(_ position: Int, at moment: Int64) {
    guard let index = happenings.lastIndex(where: { $0.record.fault == position }) else { return }
    happenings[index].healed = moment
  }

  /// When a fault happened last.
  func lastInjection(of position: Int) -> Int64? { happenings.last { $0.record.fault == position }?.injected }

  /// Everything that has happened, in order of time.
  func records(_ times: TrialTimes, closed: Int64) -> [FaultRecord] {
    let first = happenings.first?.injected ?? closed
    let usual = rate(from: times.opens, to: first)
    return happenings.indices.map { index in
      let happening = happenings[index]
      var record = happening.record
      let begin = happening.injected
      let over = min(happening.healed ?? begin, closed)
      let next = index + 1 < happenings.count ? happenings[index + 1].injected : closed
      record.healedSecond = happening.healed.map(times.second(at:))
      record.takeoverSeconds = happening.followed.map { Double($0 - begin) / 1e9 }
      let before = index == 0 ? times.opens : happenings[index - 1].healed ?? happenings[index - 1].injected
      record.goodputBefore = rate(from: before, to: begin)
      record.goodputDuring = rate(from: begin, to: over)
      record.goodputAfter = rate(from: over, to: next)
      record.longestStallSeconds = longestStall(from: begin, to: next)
      record.recoverySeconds = usual.flatMap { recovery(from: over, to: next, usual: $0) }
      record.overlaps = count(\.overlaps, at: next) - count(\.overlaps, at: begin)
      let locks = abandoned.findings(of: index, closed: closed)
      if let longest = locks.max(by: { $0.seconds < $1.seconds }) {
        record.abandonedLocks = Int64(locks.count)
        (record.abandonedRecord, record.abandonedSeconds) = (Int(longest.key), longest.seconds)
      }
      return record
    }
  }

  private func count(_ counter: KeyPath<Sample, Int64>, at moment: Int64) -> Int64 {
    samples.last { $0.moment <= moment }?[keyPath: counter] ?? 0
  }

  /// Committed operations per second; nil when the time is too short to tell.
  private func rate(from begin: Int64, to end: Int64) -> Double? {
    guard end - begin >= 5 * Self.finestStep else { return nil }
    return Double(count(\.committed, at: end) - count(\.committed, at: begin)) / (Double(end - begin) / 1e9)
  }

  /// The longest time in which nothing was committed.
  private func longestStall(from begin: Int64, to end: Int64) -> Double {
    var (last, committed) = (begin, count(\.committed, at: begin))
    var longest: Int64 = 0
    for sample in samples where sample.moment > begin && sample.moment <= end {
      if sample.committed > committed {
        longest = max(longest, sample.moment - last)
        (last, committed) = (sample.moment, sample.committed)
      }
    }
    return Double(max(longest, end - last)) / 1e9
  }

  private func recovery(from begin: Int64, to end: Int64, usual: Double) -> Double? {
    for sample in samples where sample.moment >= begin && sample.moment + Self.recoveryWindow <= end {
      if let rate = rate(from: sample.moment, to: sample.moment + Self.recoveryWindow),
        rate >= Self.recoveryShare * usual
      {
        return Double(sample.moment - begin) / 1e9
      }
    }
    return nil
  }
}

/// Waits for somebody else to enter the critical section that a holder was lost in.
struct Takeover {
  private let holder: LostHolder

  /// - Parameter holder: who was inside.
  init(_ holder: LostHolder) { self.holder = holder }

  /// Whether another worker has; or the same one, or who took its place. Of a holder that was stopped, this is seen when
  /// the operation after its own is over; of one that was killed, when a change of its records was acknowledged: who took
  /// its place may be sent away many times before it gets in.
  func hasHappened(_ trial: TrialController) -> Bool {
    for (key, acknowledged) in zip(holder.keys, holder.acknowledged) {
      if trial.lastToEnter(key).map({ $0 != holder.worker }) ?? false { return true }
      if holder.isDead, trial.acknowledgedChanges(of: key) > acknowledged { return true }
    }
    return !holder.isDead
      && trial.position(ofWorker: holder.worker).operation.map { $0 > holder.operation + 1 } ?? false
  }
}

/// A worker that was inside a critical section when its process was stopped or killed.
struct LostHolder {
  let worker: Int
  /// The number of its operation.
  let operation: Int64
  /// The records of its operation.
  let keys: [Int32]
  /// For each of them, the changes that had been acknowledged by then.
  let acknowledged: [Int64]
  /// Whether it was killed.
  var isDead = false
}
