public import Model

extension CheckResult {
  /// The conclusion of a checker of reads, from the counts of the workers alone.
  ///
  /// - Parameters:
  ///   - examined: of how many reads; all that committed unless stated.
  ///   - isAllowed: whether the strategy does not promise that there are none: then they are counted, and no violation.
  public init(
    reads checker: String, _ kind: Violation.Kind, count: Int64, of evidence: Evidence, examined: Int64? = nil,
    isAllowed: Bool = false, because reason: String
  ) {
    let reads = examined ?? evidence.total[.committedReads]
    var findings = Findings()
    if count > 0 && !isAllowed {
      findings.add(kind, key: nil, count: count) { ("no \(kind.rawValue)", "\(count) of \(reads) reads", reason) }
    }
    self.init(
      checker: checker, examined: reads, violations: findings.violations,
      unknown: reads > 0 ? nil : "no operation that only reads committed",
      allowed: count > 0 && isAllowed ? [AllowedAnomaly(kind, count: count)] : [])
  }
}
