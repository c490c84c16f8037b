public import Model

extension CheckResult {
  /// The conclusion of a checker of reads, from the counts of the workers alone.
  public init(
    reads checker: String, _ kind: Violation.Kind, count: Int64, of evidence: Evidence, because reason: String
  ) {
    let reads = evidence.total[.committedReads]
    var findings = Findings()
    if count > 0 {
      findings.add(kind, key: nil, count: count) { ("no \(kind.rawValue)", "\(count) of \(reads) reads", reason) }
    }
    self.init(
      checker: checker, examined: reads, violations: findings.violations,
      unknown: reads > 0 ? nil : "no operation that only reads committed")
  }
}
