internal import Model

/// Unique returns: two acknowledged operations never return the same new value of a record.
///
/// Two equal values mean that both operations started from the same one, so one change overwrote the other. Needs no
/// final state, and sees a lost update even if a later fault hides it. Nil when no values were compared: strategies
/// that do not return them are judged by the other checkers.
func checkUniqueReturns(_ evidence: Evidence) -> CheckResult? {
  let compared = evidence.total[.comparedValues]
  let duplicates = max(evidence.total[.duplicateValues], Int64(evidence.duplicates.count))
  guard compared > 0 || duplicates > 0 else { return nil }
  var findings = Findings()
  for duplicate in evidence.duplicates {
    findings.add(.duplicateValue, key: duplicate.key, count: 1) {
      (
        "every returned value once", "\(duplicate.value) returned again",
        "two acknowledged operations on this record returned \(duplicate.value): one overwrote the other"
      )
    }
  }
  let unlisted = duplicates - Int64(evidence.duplicates.count)
  if unlisted > 0 { findings.addUnlisted(.duplicateValue, findings: unlisted, operations: unlisted) }
  return CheckResult(checker: "unique-returns", examined: compared, violations: findings.violations)
}
