/// Trials that were measured again because others on the machine had disturbed them: the last measurement stands.
///
/// Nothing is dropped: what an earlier measurement found to be wrong stays wrong, only its speed no longer counts.
extension [TrialResult] {
  /// The last measurement of every trial, in order.
  public var standing: [TrialResult] {
    var last: [MeasuredTrial: Int] = [:]
    for trial in self { last[MeasuredTrial(trial)] = Swift.max(last[MeasuredTrial(trial)] ?? 1, trial.measurement) }
    return filter { last[MeasuredTrial($0)] == $0.measurement }
  }

  /// How many trials stand with another measurement than their first.
  public var replacedCount: Int { Set(filter { $0.measurement > 1 }.map(MeasuredTrial.init)).count }
}

/// A trial, however often it was measured.
private struct MeasuredTrial: Hashable {
  let cell: Cell
  let repetition: Int

  init(_ trial: TrialResult) {
    cell = trial.cell
    repetition = trial.repetition
  }
}

extension TrialResult {
  /// Whether it ran, but others used so much of the machine that its figures are not to be trusted.
  public var isWorthMeasuringAgain: Bool { failure == nil && machine.isDisturbed }
}
