internal import Model

/// The conclusion of a checker of reads, from the counts of the workers alone.
func concludeOnReads(
  _ checker: String, _ kind: Violation.Kind, count: Int64, reads: Int64, evidence: String
) -> CheckResult {
  var findings = Findings()
  if count > 0 {
    findings.add(kind, key: nil, count: count) { ("no \(kind.rawValue)", "\(count) of \(reads) reads", evidence) }
  }
  return CheckResult(
    checker: checker, examined: reads, violations: findings.violations,
    unknown: reads > 0 ? nil : "no operation that only reads committed")
}
