internal import Model

/// Times of a term of office, as ``StrategyDescriptor/leading`` names them.
struct TermStages {
  private let recorder: StageRecorder
  private let office: OfficeWords

  init(_ worker: WorkerContext) {
    recorder = worker.stages
    office = worker.office
  }

  /// The first effect of a term was acknowledged. Also tells why it began: that of the leader before may have ended in
  /// another phase of the trial.
  ///
  /// - Parameter candidacy: how long the candidate had waited, in nanoseconds.
  func begun(candidacy: Int64, at now: Int64) {
    recorder.record(0, nanoseconds: candidacy)
    let last = office.lastEffect
    if last > 0 { recorder.record(1, nanoseconds: max(0, now &- last)) }
    if let term = office.takeResignation() { recorder.record(2, nanoseconds: term) }
  }

  /// An effect of the leader was acknowledged.
  func hadEffect(at now: Int64) { office.noteEffect(at: now) }

  /// The leader gives its office back of its own will.
  func givenBack(after nanoseconds: Int64) { office.noteResignation(after: nanoseconds) }
}
