internal import Engine
internal import Model

extension LiveGate {
  /// Opens, measures and closes, whatever happens. An arm that dies ends the measurement, and not the gate: what is
  /// missing then fails it.
  ///
  /// - Parameter stages: 1 leaves out the second look at what seems worse.
  /// - Returns: whether both arms lived to its end.
  /// - Throws: what keeps the gate from being judged at all, and the user's interruption.
  @discardableResult
  mutating func run(stages: Int, isQuiet: Bool) throws -> Bool {
    if !isQuiet { CommandLineProgram.printError(extent, prefix: "") }
    let outcome = Result { () throws -> Void in
      try open()
      try measure(stages: stages)
    }
    for message in close() { CommandLineProgram.printError("could not clean up: \(message)") }
    switch outcome {
    case .success: return true
    case .failure(let lost as ArmConnection.Lost):
      CommandLineProgram.printError(lost.message)
      return false
    case .failure(let failure as EngineFailure) where failure.kind == .interrupted:
      let kept = measured == 0 ? "" : "; \(measured) slices are kept in \(folder)"
      throw EngineFailure(.interrupted, "interrupted\(kept)")
    case .failure(let failure): throw failure
    }
  }
}
