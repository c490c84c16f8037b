internal import Model
internal import Runtime

/// The planned faults of one trial: injects each when its time has come, heals it when that is over, and keeps what has
/// not fired. A trial without faults has none, and spends nothing on them.
final class FaultSchedule {
  private enum State {
    /// Until a moment of ``monotonicNow()``.
    case waiting(until: Int64)
    case active(until: Int64)
    case over
  }
  private struct Entry {
    var planned: PlannedFault
    /// Nil before the first tick.
    var state: State?
    /// Whether it has happened.
    var hasFired = false
  }

  /// How long nobody is asked again who had nobody to do it to, and how long nobody looks whether a holder was followed.
  private static let patience: Int64 = 250_000

  private var entries: [Entry]
  private var course = FaultCourse()

  /// Nil when nothing is planned.
  init?(_ planned: [PlannedFault]) {
    if planned.isEmpty { return nil }
    entries = planned.map { Entry(planned: $0) }
  }

  /// Lets every fault prepare itself.
  ///
  /// - Throws: when one of them needs what the trial does not have.
  func prepare(
    _ addresses: inout [String: String], _ trial: ResolvedTrial, managed: ManagedServices
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
    course.look(at: trial)
    for index in entries.indices {
      let planned = entries[index].planned
      switch entries[index].state ?? .waiting(until: trial.times.opens + planned.start.nanoseconds) {
      case .waiting(let due):
        entries[index].state = .waiting(until: due)
        let now = monotonicNow()
        if now >= due, now < trial.times.closes { try inject(index, due: due, trial) }
      case .active(let end):
        if monotonicNow() >= end { try heal(index, trial) }
      case .over: continue
      }
    }
  }

  private func inject(_ index: Int, due: Int64, _ trial: TrialController) throws(FaultFailure) {
    trial.forgetHolder()
    // Before it happens: from a death on, nobody holds what the dead one held.
    let now = monotonicNow()
    guard try entries[index].planned.fault.inject(into: trial) else { return }
    let planned = entries[index].planned
    entries[index].hasFired = true
    course.injected(planned, at: now, due: due, trial)
    trial.note(.injected, planned.fault.summary)
    guard planned.fault.heals else { return wait(index, after: now, trial) }
    let end = planned.length.map { monotonicNow() + $0.nanoseconds } ?? .max
    entries[index].state = .active(until: min(end, trial.times.closes))
  }

  private func heal(_ index: Int, _ trial: TrialController) throws(FaultFailure) {
    let planned = entries[index].planned
    wait(index, after: course.lastInjection(of: planned.position) ?? monotonicNow(), trial)
    if try entries[index].planned.fault.heal(trial) {
      trial.note(.healed, planned.fault.summary)
      course.healed(planned.position, at: monotonicNow())
    }
  }

  /// Until its next time, if there is one that can be over before the window closes.
  private func wait(_ index: Int, after injection: Int64, _ trial: TrialController) {
    let planned = entries[index].planned
    entries[index].state = .over
    guard let interval = planned.interval else { return }
    let next = max(injection + interval.nanoseconds, monotonicNow())
    guard next + (planned.length?.nanoseconds ?? 0) < trial.times.closes else { return }
    entries[index].state = .waiting(until: next)
  }

  /// Heals what is left, and then waits for servers that are on their way up.
  ///
  /// - Throws: the first thing that could not be healed, after everything has been tried; else what has not fired.
  func end(_ trial: TrialController) throws(FaultFailure) {
    course.look(at: trial)
    var failure: FaultFailure?
    for index in entries.indices {
      guard case .active = entries[index].state else { continue }
      do throws(FaultFailure) { try heal(index, trial) } catch { failure = failure ?? error }
    }
    do throws(FaultFailure) { try trial.release() } catch { failure = failure ?? error }
    if let failure { throw failure }
    for entry in entries where !entry.hasFired {
      throw FaultFailure("a fault was planned and did not fire: \(entry.planned.fault.summary)")
    }
  }

  /// What was planned and what has happened, in order of time, after the window has closed at a moment.
  func records(_ times: TrialTimes, closed: Int64) -> [FaultRecord] {
    let missed = entries.filter { !$0.hasFired }.map { entry in
      FaultRecord(
        fault: entry.planned.position, kind: entry.planned.kind, summary: entry.planned.fault.summary,
        requestedSecond: Double(entry.planned.start.nanoseconds) / 1e9)
    }
    return course.records(times, closed: closed) + missed
  }

  /// Whether something will be healed.
  var isActive: Bool { entries.contains { if case .active = $0.state { true } else { false } } }

  /// When there is something to do next.
  func next(_ times: TrialTimes) -> Int64 {
    let now = monotonicNow()
    guard now < times.closes else { return .max }
    let due = entries.map { entry in
      switch entry.state {
      case nil: max(times.opens + entry.planned.start.nanoseconds, now + Self.patience)
      case .waiting(let due): max(due, now + Self.patience)
      case .active(let end): end
      case .over: Int64.max
      }
    }
    return min(due.min() ?? .max, course.awaitsTakeover ? now + Self.patience : course.nextLook(times))
  }
}
