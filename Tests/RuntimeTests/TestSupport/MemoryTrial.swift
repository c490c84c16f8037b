import Model
import Runtime
import TrialSupport

extension Trial {
  /// Real contention in memory: four threads, no pause after a conflict.
  init(
    inMemory entry: StrategyEntry, _ kind: String = "counter", keys: Int = 1, _ options: [String: OptionValue] = [:]
  ) {
    self.init(inMemory: entry, WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options)))
  }

  init(inMemory entry: StrategyEntry, _ workload: WorkloadSettings) {
    self.init(entry, workload)
    workers = 4
    operations = 20_000
    retry.backoff = .none
    samplingInterval = 64
  }
}
