public import Model
internal import Runtime
internal import StrategyCatalog

/// What cannot be done over several hosts, and why.
public enum HostObstacles {
  /// What keeps a scenario from running on the hosts that it asks for, each in one sentence; empty when nothing does.
  public static func problems(in scenario: Scenario) -> [String] {
    guard scenario.variants.contains(where: { $0.load.hosts > 1 }) else { return [] }
    var found: [String] = []
    for planned in (Plan(scenario).repetitions.first ?? []).sorted(by: { $0.strategyIndex < $1.strategyIndex }) {
      guard let trial = try? ResolvedTrial(planned, of: scenario), trial.load.hosts > 1 else { continue }
      if planned.cell.workers < trial.load.hosts {
        add(
          "\(trial.load.hosts) hosts need at least as many workers, but load.workers is \(planned.cell.workers)",
          to: &found)
      }
      for sentence in [ofStrategy(trial), ofWorkload(trial)].compactMap(\.self) + ofFaults(trial) {
        add(sentence, to: &found)
      }
    }
    return found
  }

  private static func add(_ sentence: String, to found: inout [String]) {
    if !found.contains(sentence) { found.append(sentence) }
  }

  private static func ofStrategy(_ trial: ResolvedTrial) -> String? {
    let name = "strategy \(trial.selection.label)"
    if trial.descriptor.scope != .network {
      return "\(name) protects within one \(trial.descriptor.scope.rawValue) only; leave it out, or state load.hosts: 1"
    }
    if trial.sharding != nil { return "\(name) spreads records over several databases, which one host does so far" }
    if trial.servers.count < trial.services.count || !trial.services.contains(trial.store) {
      return "\(name) keeps its records in \(trial.store), which lies on one host; put it over a server"
    }
    if trial.descriptor.keepsLog { return "\(name) writes its decisions to a file that lies on one host" }
    if trial.selection.adapter != nil { return "\(name) starts programs, which it does on one host only so far" }
    return nil
  }

  private static func ofWorkload(_ trial: ResolvedTrial) -> String? {
    if trial.workload.needsHistory { return "workload \(trial.settings.kind) needs a history of one clock" }
    if trial.workload.job != nil || trial.workload.election != nil {
      return "workload \(trial.settings.kind) is judged by the moments of one clock"
    }
    if !trial.distances.isEmpty { return "services are put at a distance by a proxy that other hosts do not reach" }
    return nil
  }

  private static func ofFaults(_ trial: ResolvedTrial) -> [String] {
    trial.faults.compactMap { fault in
      if fault.isOfWorkers {
        guard let target = trial.scenario.faults[fault.position].options.values["target"], case .integer = target
        else { return nil }
        return "fault \(fault.kind) cannot name a process over several hosts; state target: any, holder or waiter"
      }
      guard fault.fault.needsProxy else { return nil }
      return "fault \(fault.kind) needs a proxy that other hosts do not reach"
    }
  }
}

extension PlannedFault {
  /// Whether it is done to worker processes, by the host on which they are.
  var isOfWorkers: Bool { FaultRegistry.all.contains { $0.descriptor.id == kind && $0.descriptor.subject == .workers } }

  /// The host that does it: one for each trial, so that what was planned together stays together.
  func host(of trial: ResolvedTrial) -> Int {
    var random = RandomSource(seed: trial.planned.seed, stream: 13)
    return Int(random.below(UInt64(trial.hosts)))
  }
}
