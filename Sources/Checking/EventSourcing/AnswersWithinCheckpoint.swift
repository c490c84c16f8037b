public import Model

/// Answers: what a read model says is never newer than the checkpoint that is stored with it. Else whoever goes on from
/// the checkpoint applies again what was applied, and a reader that waits for a checkpoint waits for the wrong thing.
///
/// The strategies compare both, which they read at one moment; here their counts are judged.
public struct AnswersWithinCheckpoint: Checker {
  /// Nothing to state.
  public init() {}

  /// `answers-within-checkpoint`.
  public var name: String { "answers-within-checkpoint" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// Answer and checkpoint were read together by one reader.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what readers saw; nothing to say of a trial in which nobody read.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard evidence.total[.committedReads] > 0 || evidence.total[.answersAhead] > 0 else { return nil }
    return CheckResult(
      reads: name, .answerAhead, count: evidence.total[.answersAhead], of: evidence,
      because: "these reads found a row of the read model newer than the checkpoint")
  }
}
