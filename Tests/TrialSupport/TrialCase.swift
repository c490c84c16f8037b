package import Model
internal import Testing
internal import Workloads

/// A strategy, by id, under a workload.
package struct TrialCase: Sendable, CustomTestStringConvertible {
  package let strategy: String
  package let workload: WorkloadSettings
  /// Options of the strategy that are not at their defaults.
  package let options: [String: OptionValue]

  package init(_ strategy: String, _ workload: WorkloadSettings, options: [String: OptionValue] = [:]) {
    self.strategy = strategy
    self.workload = workload
    self.options = options
  }

  package var testDescription: String { "\(strategy) \(options), \(workload.sampleName)" }

  /// Every strategy under the samples of every workload that it can run.
  package static func all(_ strategies: [StrategyDescriptor]) -> [TrialCase] {
    strategies.flatMap { strategy in
      WorkloadRegistry.samples.filter(strategy.runs).map { TrialCase(strategy.id, $0) }
    }
  }
}

extension StrategyDescriptor {
  /// These read one snapshot and check only what they write, which is not enough to decide over both.
  private static let allowWriteSkew = [
    "postgres.repeatable-read", "mariadb.repeatable-read", "postgres-shards.saga", "postgres-shards.saga-inbox",
    "postgres-shards.saga-streams", "postgres-shards.saga-rabbitmq",
  ]

  /// Whether it can run a workload.
  package func runs(_ settings: WorkloadSettings) -> Bool {
    WorkloadRegistry.make(settings).map { applicability.covers($0.applicability) } ?? false
  }

  /// Whether it promises that a workload's invariants hold.
  package func protects(_ settings: WorkloadSettings) -> Bool {
    grade == .forbidden && (settings.kind != "on-call" || !Self.allowWriteSkew.contains(id))
  }

  /// The plainest workload that it cannot run without harm, if it is a control: one over several databases only spoils
  /// what spans them.
  package var plainestVictim: String { ShardedStore.sharding(of: store, shards: 2) == nil ? "counter" : "transfer" }
}

extension WorkloadSettings {
  /// Whether operations without protection spoil something: not where whole records are read and written one by one.
  package var showsRaces: Bool { options.values["fields"] != .integer(1) }

  /// Whether there is so little that a few hundred operations take all of it.
  package var sellsOut: Bool { kind == "stock" && options.values["initial"] != nil }

  /// Kind, keys and what is not at its default, for people.
  package var sampleName: String {
    ([kind, "\(keys) keys"] + options.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
      .joined(separator: ", ")
  }
}
