import Engine
import Model
import Testing

/// A scheduled job on pods of which each is a process.
struct JobTrial {
  var period = Duration.milliseconds(150)
  var skew = Duration.milliseconds(2)
  var work = Duration.milliseconds(40)
  var traffic = 200
  var workers = 4

  /// With a strategy.
  func of(_ strategy: String, operations: Int, _ options: [String: OptionValue] = [:]) -> EngineTrial {
    var trial = EngineTrial(
      strategy, "job",
      [
        "period": .duration(period), "skew": .duration(skew), "work": .duration(work), "traffic": .integer(traffic),
      ], workers: workers, processes: workers, operations: operations)
    trial.options = options
    return trial
  }

  /// What its checker found.
  static func ticks(_ result: TrialResult) throws -> CheckResult {
    try #require(result.checks.first { $0.checker == "ticks" })
  }
}
