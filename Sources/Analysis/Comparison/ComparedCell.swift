internal import Glibc
public import Model
internal import Words

/// A cell of the base beside the one of the candidate that was measured at the same load point.
public struct ComparedCell: Sendable {
  /// What both are, in a sentence: the cell, or only its load point when two strategies are compared.
  public let name: String
  /// All repetitions of the base.
  public let base: CellSummary
  /// All repetitions of the candidate.
  public let candidate: CellSummary
  /// Whether repetitions of the two were measured in turns, in one run.
  public let isPaired: Bool

  /// Whether speeds are compared: only those of correct results, of which both sides are sure.
  public var isComparable: Bool { base.verdict == .pass && candidate.verdict == .pass }
  /// Whether the candidate broke an invariant, and the base did not.
  public var isNewlyViolating: Bool { candidate.verdict == .violation && base.verdict != .violation }
  /// Whether it can no longer be told that the result is correct.
  public var isNewlyUnknown: Bool { candidate.verdict == .unknown && base.verdict == .pass }

  /// Why no speed is compared; nil when it is.
  public var obstacle: String? {
    let broken = [("base", base), ("candidate", candidate)].filter { $0.1.verdict == .violation }.map(\.0)
    let open = [("base", base), ("candidate", candidate)].filter { $0.1.verdict == .unknown }.map(\.0)
    if !broken.isEmpty { return "\(listed(broken)) broke an invariant" }
    return open.isEmpty ? nil : "it cannot be told whether \(listed(open)) is correct"
  }

  /// By what factor the candidate's figure exceeds that of the base. Nil when a side has no usable figure above zero, or
  /// when the results of a side are not known to be correct.
  ///
  /// Trials that failed or were disturbed by foreign load are left out. Repetitions of one run are pairs, since they are
  /// interleaved; those of two runs are two samples.
  public func ratio(_ metric: ComparedMetric) -> RatioInterval? {
    guard isComparable else { return nil }
    let first = logarithms(metric, candidate)
    let second = logarithms(metric, base)
    guard isPaired else {
      let leftOut = candidate.trials.count - first.count + base.trials.count - second.count
      return RatioInterval(
        logsOfFirst: first.sorted { $0.key < $1.key }.map(\.value),
        second: second.sorted { $0.key < $1.key }.map(\.value), leftOut: leftOut)
    }
    let pairs = first.keys.sorted().compactMap { repetition in
      first[repetition].flatMap { value in second[repetition].map { value - $0 } }
    }
    let repetitions = Set((base.trials + candidate.trials).map(\.repetition))
    return RatioInterval(logRatios: pairs, leftOut: repetitions.count - pairs.count)
  }

  /// Logarithms of the usable figures by repetition.
  private func logarithms(_ metric: ComparedMetric, _ cell: CellSummary) -> [Int: Double] {
    var values: [Int: Double] = [:]
    for trial in cell.trials where trial.failure == nil && !trial.machine.isDisturbed {
      if let value = metric.value(of: trial), value > 0 { values[trial.repetition] = log(value) }
    }
    return values
  }
}
