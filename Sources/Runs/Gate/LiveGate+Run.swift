internal import Engine
internal import Model

extension LiveGate {
  /// Opens, measures and closes, whatever happens. An arm that dies ends the measurement, and not the gate: what is
  /// missing then fails it.
  ///
  /// - Parameter stages: 1 leaves out the second look at what seems worse.
  /// - Returns: nil when both arms lived to its end; otherwise what became of one, in a sentence.
  /// - Throws: what keeps the gate from being judged at all, and the user's interruption.
  public mutating func run(stages: Int) throws -> String? {
    let outcome = Result { () throws -> Void in
      try open()
      try measure(stages: stages)
    }
    close()
    switch outcome {
    case .success: return nil
    case .failure(let lost as ArmConnection.Lost): return lost.message
    case .failure(let failure as EngineFailure) where failure.kind == .interrupted:
      let kept = measured == 0 ? "" : "; \(measured) slices are kept in \(folder)"
      throw EngineFailure(.interrupted, "interrupted\(kept)")
    case .failure(let failure): throw failure
    }
  }
}
