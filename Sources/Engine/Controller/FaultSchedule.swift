internal import Model
internal import Runtime

/// The planned faults of one trial: injects each when its time has come, heals it when that is over, and keeps what has
/// not fired. A trial without faults has none, and spends nothing on them.
final class FaultSchedule {
  private enum State {
    case waiting
    /// Until a moment of ``monotonicNow()``.
    case active(until: Int64)
    case over
  }
  private struct Entry {
    var planned: PlannedFault
    var state = State.waiting

    /// When something is to be done with it next.
    func next(after now: Int64, _ times: TrialTimes) -> Int64 {
      switch state {
      case .waiting: max(times.opens + planned.start.nanoseconds, now + FaultSchedule.patience)
      case .active(let end): end
      case .over: .max
      }
    }
  }

  /// How long nobody is asked again who had nobody to do it to.
  private static let patience: Int64 = 250_000

  private var entries: [Entry]

  /// Nil when nothing is planned.
  init?(_ planned: [PlannedFault]) {
    if planned.isEmpty { return nil }
    entries = planned.map { Entry(planned: $0) }
  }

  /// Lets every fault prepare itself.
  ///
  /// - Throws: when one of them needs what the trial does not have.
  func prepare(
    _ addresses: inout [String: String], _ trial: ResolvedTrial, managed: Set<String>
  ) throws(FaultFailure) {
    for index in entries.indices {
      if let obstacle = entries[index].planned.fault.obstacle(in: trial, managed: managed) {
        throw FaultFailure("cannot \(entries[index].planned.fault.summary): \(obstacle)")
      }
      try entries[index].planned.fault.prepare(&addresses)
    }
  }

  /// Does what is due. When the window has closed, everything that is still there is healed: what drains is healthy.
  func tick(_ trial: TrialController) throws(FaultFailure) {
    for index in entries.indices {
      let now = monotonicNow()
      let planned = entries[index].planned
      switch entries[index].state {
      case .waiting:
        let due = trial.times.opens + planned.start.nanoseconds
        guard now >= due, now < trial.times.closes else { continue }
        guard try entries[index].planned.fault.inject(into: trial) else { continue }
        let end = planned.length.map { now + $0.nanoseconds } ?? .max
        entries[index].state = planned.fault.heals ? .active(until: min(end, trial.times.closes)) : .over
        trial.note(.injected, planned.fault.summary)
      case .active(let end):
        if now >= end { try heal(index, trial) }
      case .over: continue
      }
    }
  }

  private func heal(_ index: Int, _ trial: TrialController) throws(FaultFailure) {
    entries[index].state = .over
    if try entries[index].planned.fault.heal(trial) { trial.note(.healed, entries[index].planned.fault.summary) }
  }

  /// Heals what is left, and then waits for servers that are on their way up.
  ///
  /// - Throws: the first thing that could not be healed, after everything has been tried; else what has not fired.
  func end(_ trial: TrialController) throws(FaultFailure) {
    var failure: FaultFailure?
    for index in entries.indices {
      guard case .active = entries[index].state else { continue }
      do throws(FaultFailure) { try heal(index, trial) } catch { failure = failure ?? error }
    }
    do throws(FaultFailure) { try trial.release() } catch { failure = failure ?? error }
    if let failure { throw failure }
    for case let entry in entries {
      if case .waiting = entry.state {
        throw FaultFailure("a fault was planned and did not fire: \(entry.planned.fault.summary)")
      }
    }
  }

  /// Whether something will be healed.
  var isActive: Bool { entries.contains { if case .active = $0.state { true } else { false } } }

  /// When there is something to do next.
  func next(_ times: TrialTimes) -> Int64 {
    let now = monotonicNow()
    return now >= times.closes ? .max : entries.map { $0.next(after: now, times) }.min() ?? .max
  }
}
