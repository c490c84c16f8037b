extension GateVerdict {
  /// The verdict as JUnit XML: one suite, one test case for each comparison and each finding.
  ///
  /// A regression or a violation is a failure, missing data is an error, and what stays open is a skipped test whose
  /// message says what would decide.
  public var junit: String {
    let cases = findings.map(testCase) + comparisons.filter { $0.verdict != .suppressed }.map(testCase)
    let failures = cases.count { $0.outcome == .failure }
    let errors = cases.count { $0.outcome == .error }
    let skipped = cases.count { $0.outcome == .skipped }
    let name = candidate.scenario.isEmpty ? "contend" : candidate.scenario
    let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"contend gate\" \(counts)>",
      "  <testsuite name=\"\(name.inXML)\" \(counts)>", "    <properties>",
    ]
    lines += properties.map { "      <property name=\"\($0)\" value=\"\($1.inXML)\"/>" } + ["    </properties>"]
    lines += cases.flatMap { $0.lines(classPrefix: name) }
    lines += ["    <system-out>\(headline.inXML)</system-out>", "  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private var properties: [(String, String)] {
    [
      ("exit_code", "\(exitCode)"), ("mode", mode.rawValue), ("base", base.path), ("candidate", candidate.path),
      ("base_run_id", base.runID), ("candidate_run_id", candidate.runID),
    ]
  }

  private func testCase(_ finding: GateFinding) -> JUnitCase {
    let outcome: JUnitCase.Outcome =
      switch finding.conclusion {
      case .violated, .regressed: .failure
      case .incomparable: .error
      case .inconclusive: .skipped
      case .passed: .success
      }
    return JUnitCase(
      group: finding.cell?.title ?? "all cells", name: finding.kind.rawValue, outcome: outcome,
      type: finding.kind.rawValue, message: finding.message)
  }

  private func testCase(_ comparison: GateComparison) -> JUnitCase {
    let outcome: JUnitCase.Outcome =
      switch comparison.conclusion {
      case .regressed: .failure
      case .inconclusive: .skipped
      case _ where comparison.verdict == .unavailable: .skipped
      default: .success
      }
    return JUnitCase(
      group: comparison.cell.title, name: comparison.metric.title, outcome: outcome, type: "regression",
      message: "\(comparison.verdictText): \(comparison.sentence)")
  }
}

/// One test case of JUnit XML.
private struct JUnitCase {
  enum Outcome { case success, failure, error, skipped }
  let group: String
  let name: String
  let outcome: Outcome
  let type: String
  let message: String

  func lines(classPrefix: String) -> [String] {
    let start = "    <testcase classname=\"\("\(classPrefix).\(group)".inXML)\" name=\"\(name.inXML)\""
    let text = message.inXML
    switch outcome {
    case .success: return ["\(start)>", "      <system-out>\(text)</system-out>", "    </testcase>"]
    case .failure: return ["\(start)>", "      <failure type=\"\(type)\" message=\"\(text)\"/>", "    </testcase>"]
    case .error: return ["\(start)>", "      <error type=\"\(type)\" message=\"\(text)\"/>", "    </testcase>"]
    case .skipped: return ["\(start)>", "      <skipped message=\"\(text)\"/>", "    </testcase>"]
    }
  }
}
