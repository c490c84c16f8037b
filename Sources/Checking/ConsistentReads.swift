internal import Model

/// Consistent reads: a read sees values that all belong to the same moment. The workers compare the values as they read
/// them; here their counts are judged.
func checkConsistentReads(_ evidence: Evidence) -> CheckResult {
  concludeOnReads(
    "consistent-reads", .tornRead, count: evidence.total[.tornReads], reads: evidence.total[.committedReads],
    evidence: "these reads saw values of one profile that were never together in the store")
}
