internal import Model
internal import Runtime

/// What the agent of a host is told to do in one trial. May hold credentials: it only crosses an encrypted channel.
struct HostOrder: Codable, Sendable {
  /// The scenario, cut down to the one strategy and the one variant of the trial.
  var scenario: Scenario
  /// The trial.
  var planned: PlannedTrial
  /// Layout of the memory of all hosts: every host counts at the places of its own workers and threads.
  var layout: TrialLayout
  /// URLs of the services, by name.
  var endpoints: [String: String]
  /// Schema or key prefix, unique to the run.
  var namespace: String
  /// The place of the host, from 0.
  var rank: Int
  /// Faults of workers that are done on this host, by position in the scenario.
  var faults: [Int]
  /// From one sign of life to the next, nanoseconds.
  var beatInterval: Int64

  init(
    _ trial: ResolvedTrial, of setup: TrialSetup, endpoints: [String: String], namespace: String, rank: Int,
    faults: [Int], beatInterval: Int64
  ) {
    var scenario = trial.scenario
    scenario.strategies = [trial.selection]
    scenario.variants = scenario.variants.filter { $0.name == trial.planned.cell.variant }
    // Each backend and each machine would choose for itself.
    scenario.variants[0].load = trial.load
    scenario.variants[0].load.threads = setup.threads
    scenario.services = ServiceSettings()
    self.scenario = scenario
    planned = PlannedTrial(
      cell: trial.planned.cell, strategyIndex: 0, repetition: trial.planned.repetition,
      position: trial.planned.position, seed: trial.planned.seed)
    layout = setup.memory.layout
    self.endpoints = endpoints
    self.namespace = namespace
    self.rank = rank
    self.faults = faults
    self.beatInterval = beatInterval
  }
}
