public import Model

/// All faults that scenarios can state, in the order in which they are listed.
public enum FaultRegistry {
  /// The types. A new fault is one file and one entry here.
  public static let all: [any ScenarioFault.Type] = [
    PauseWorkers.self, KillWorkers.self, PauseService.self, KillService.self, RestartService.self, CutConnection.self,
    Partition.self, EndSession.self, FlushRedis.self, FillMemory.self,
  ]

  /// What each of them is.
  public static var descriptors: [FaultDescriptor] { all.map { $0.descriptor } }

  /// Plans a fault of a scenario for one trial.
  ///
  /// - Throws: when it has no meaning there, in one sentence.
  static func plan(
    _ settings: FaultSettings, at position: Int, in trial: ResolvedTrial
  ) throws(FaultFailure) -> PlannedFault {
    guard let type = all.first(where: { $0.descriptor.id == settings.kind }) else {
      throw FaultFailure("there is no fault \(settings.kind)")
    }
    let fault = type.init(settings, in: trial)
    let length = try (settings.length ?? type.descriptor.length).map { time throws(FaultFailure) in
      try moment(time, "for", in: trial)
    }
    var planned = PlannedFault(
      fault, at: try moment(settings.start, "at", in: trial), for: length, every: settings.interval)
    (planned.position, planned.kind) = (position, settings.kind)
    return planned
  }

  private static func moment(
    _ time: FaultTime, _ key: String, in trial: ResolvedTrial
  ) throws(FaultFailure) -> Duration {
    if let duration = time.resolved(window: trial.load.duration, options: trial.selection.options) { return duration }
    if case .multiple(_, let option) = time {
      throw FaultFailure("it has no option '\(option)', of which '\(key)' states a multiple; state a duration")
    }
    throw FaultFailure("'\(key)' is a share of load.duration, which load.operations replaces; state a duration")
  }

  /// What is wrong with the faults of a scenario: the position of each that some strategy or load does not let happen,
  /// and why, in one sentence. Each reason is told once for each fault.
  public static func problems(in scenario: Scenario) -> [(fault: Int, message: String)] {
    var found: [(fault: Int, message: String)] = []
    let trials = Plan(scenario).repetitions.first ?? []
    for planned in trials.sorted(by: { $0.strategyIndex < $1.strategyIndex }) {
      // Whatever else is wrong has been told before.
      guard let trial = try? ResolvedTrial(planned, of: scenario, withFaults: false) else { continue }
      let managed = Set(trial.services.filter { !scenario.services[$0].isForeign })
      for (index, settings) in scenario.faults.enumerated() {
        guard let obstacle = obstacle(settings, at: index, in: trial, managed: managed) else { continue }
        if !found.contains(where: { $0.fault == index && $0.message.hasSuffix(obstacle) }) {
          found.append((index, "cannot be done to strategy \(planned.cell.strategy): \(obstacle)"))
        }
      }
    }
    return found.sorted { $0.fault < $1.fault }
  }

  private static func obstacle(
    _ settings: FaultSettings, at index: Int, in trial: ResolvedTrial, managed: Set<String>
  ) -> String? {
    do throws(FaultFailure) {
      let planned = try plan(settings, at: index, in: trial)
      if let window = trial.load.duration, planned.start >= window {
        return "it is to happen after the end of the measured window (load.duration)"
      }
      let subject = all.first { $0.descriptor.id == settings.kind }?.descriptor.subject
      if subject == .workers, trial.processes < 2 {
        return "all workers run in one process, so that nobody would be left; state load.processes: 2, or more"
      }
      if subject == .workers, settings.options.values["target"] == .word("holder"), trial.isInProcess,
        trial.settings.hold < .milliseconds(1)
      {
        return "its critical section is too short to be seen from outside; state workload.hold: 1ms, or more"
      }
      if subject == .service, trial.services.isEmpty { return "it needs no service" }
      return planned.fault.obstacle(in: trial, managed: managed)
    } catch {
      return error.message
    }
  }
}

extension ServiceLocation {
  /// Whether somebody else runs it.
  fileprivate var isForeign: Bool { if case .url = self { true } else { false } }
}
