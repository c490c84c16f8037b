internal import Model

/// Fresh reads: a read sees no value older than one acknowledged before the read began. The workers compare the values
/// with the acknowledged ones as they read; here their counts are judged.
func checkFreshReads(_ evidence: Evidence) -> CheckResult {
  concludeOnReads(
    "fresh-reads", .staleRead, count: evidence.total[.staleReads], reads: evidence.total[.committedReads],
    evidence: "these reads saw a value older than one that was acknowledged before they began")
}
