internal import Model

/// What follows the death of a worker process: another one with the same workers, or nothing.
struct Replacement {
  /// Whether another process is started when the time of the fault is over.
  let restarts: Bool
  /// Position of the process that was killed last.
  var killed: Int?

  init(restarts: Bool) { self.restarts = restarts }

  /// As the scenario states it.
  init(_ settings: FaultSettings) { self.init(restarts: settings.options.word("then") == "restart") }

  /// How a scenario states it.
  static var option: OptionSpecification {
    OptionSpecification(
      "then", .word(["restart", "nothing"]), default: .word("restart"),
      "Whether a process with the same workers is started after the time stated by 'for'.")
  }

  /// Starts another in the place of the last one, if there is time left.
  func start(in trial: TrialController) throws(FaultFailure) -> Bool {
    guard let killed else { return false }
    return try trial.restart(process: killed)
  }
}
