public import Model
internal import Services

/// All faults that scenarios can state, in the order in which they are listed.
public enum FaultRegistry {
  /// The types. A new fault is one file and one entry here.
  public static let all: [any ScenarioFault.Type] = [
    PauseWorkers.self, KillWorkers.self, KillAtPoint.self, PauseService.self, KillService.self, RestartService.self,
    CutConnection.self, Partition.self, EndSession.self, FlushRedis.self, FillMemory.self, ClockJump.self,
    FailOver.self,
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
      let managed = ManagedServices(trial.services, where: scenario.services)
      for (index, obstacle) in obstacles(scenario.faults, in: trial, managed: managed) {
        if !found.contains(where: { $0.fault == index && $0.message.hasSuffix(obstacle) }) {
          found.append((index, "cannot be done to strategy \(planned.cell.strategy): \(obstacle)"))
        }
      }
    }
    return found.sorted { $0.fault < $1.fault }
  }

  /// What the servers of a scenario must be started with for its faults, by name of service.
  static func preparations(in scenario: Scenario) -> [String: ServerPreparation] {
    let trials = scenario.faults.isEmpty ? [] : Plan(scenario).repetitions.first ?? []
    return trials.compactMap { try? ResolvedTrial($0, of: scenario) }.flatMap(\.faults)
      .reduce(into: [:]) { $0.merge($1.fault.preparations) { $0.union($1) } }
  }

  /// The position of each fault that one trial does not let happen, and why: first by itself, then beside the others.
  private static func obstacles(
    _ faults: [FaultSettings], in trial: ResolvedTrial, managed: ManagedServices
  ) -> [(fault: Int, message: String)] {
    var found: [(fault: Int, message: String)] = []
    var possible: [PlannedFault] = []
    for (index, settings) in faults.enumerated() {
      do throws(FaultFailure) {
        let planned = try plan(settings, at: index, in: trial)
        if let obstacle = obstacle(planned, settings, in: trial, managed: managed) { throw FaultFailure(obstacle) }
        possible.append(planned)
      } catch {
        found.append((index, error.message))
      }
    }
    return found + contradictions(possible, in: trial)
  }

  private static func obstacle(
    _ planned: PlannedFault, _ settings: FaultSettings, in trial: ResolvedTrial, managed: ManagedServices
  ) -> String? {
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
    if planned.fault.happensOnce, settings.interval != nil { return "it happens once; leave out 'every'" }
    return planned.fault.obstacle(in: trial, managed: managed)
      ?? FaultTimetable(planned, window: trial.load.duration).obstacle
  }

  /// Faults that are possible one by one and not together.
  private static func contradictions(
    _ faults: [PlannedFault], in trial: ResolvedTrial
  ) -> [(fault: Int, message: String)] {
    var found: [(fault: Int, message: String)] = []
    var deaths = 0
    let timetables = faults.map { FaultTimetable($0, window: trial.load.duration) }
    for (index, fault) in faults.enumerated() {
      for other in faults.indices where other != index {
        guard let moment = timetables[index].clash(with: timetables[other]) else { continue }
        // Of two that begin together, the second one is told.
        if other > index, timetables[other].clash(with: timetables[index]) != nil { continue }
        let name = "faults.\(faults[other].position) (\(faults[other].fault.summary))"
        found.append(
          (
            fault.position,
            "it is to happen at \(moment.inWords), while \(name) is in effect; "
              + "state another 'at', or a shorter 'for' of the other"
          ))
      }
      guard fault.fault.isFinal, let times = timetables[index].times else { continue }
      deaths += times
      if deaths >= trial.processes, deaths - times < trial.processes {
        found.append(
          (
            fault.position,
            "nobody would be left of \(trial.processes) worker processes; "
              + "state 'then: restart', a longer 'every', or more load.processes"
          ))
      }
    }
    return found
  }
}
