internal import Model
internal import Words

extension GateVerdict {
  /// The verdict as JUnit XML: one suite, one test case for each comparison and each finding.
  ///
  /// A regression or a violation is a failure, missing data is an error, and what stays open is a skipped test whose
  /// message says what would decide. A gate that fails because something stays open has one more case, an error: who
  /// hides skipped tests must not see that all passed. New cells and scenarios are skipped tests, too.
  ///
  /// Each test case has the time for which its cell was measured, divided among the cases of the cell, so that the times
  /// add up: readers of JUnit XML reject files without times.
  public var junit: String {
    let compared = comparisons.filter { $0.verdict != .suppressed }
    let counts = Dictionary(grouping: compared, by: \.cell).mapValues(\.count)
    let cases =
      findings.map(testCase) + compared.map { testCase($0, share: counts[$0.cell, default: 1]) }
      + (conclusion == .inconclusive && !isOnlyWarning ? [openCase] : [])
    let failures = cases.count { $0.outcome == .failure }
    let errors = cases.count { $0.outcome == .error }
    let skipped = cases.count { $0.outcome == .skipped }
    let name = candidate.scenario.isEmpty ? "contend" : candidate.scenario
    let attributes =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
      + "time=\"\(Self.seconds(cases.reduce(0) { $0 + $1.milliseconds }))\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"contend gate\" \(attributes)>",
      "  <testsuite name=\"\(name.inXMLAttribute)\" \(attributes)>", "    <properties>",
    ]
    lines += properties.map { "      <property name=\"\($0)\" value=\"\($1.inXMLAttribute)\"/>" }
    lines.append("    </properties>")
    lines += cases.flatMap { $0.lines(classPrefix: name) }
    lines += ["    <system-out>\(headline.inXMLAttribute)</system-out>", "  </testsuite>", "</testsuites>"]
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
      case .passed: finding.isUnchecked ? .skipped : .success
      }
    return JUnitCase(
      group: finding.cell?.title ?? "all cells", name: finding.kind.rawValue, outcome: outcome,
      type: finding.kind.rawValue, message: finding.message)
  }

  private var openCase: JUnitCase {
    JUnitCase(group: "all cells", name: "verdict", outcome: .error, type: "inconclusive", message: reason)
  }

  private func testCase(_ comparison: GateComparison, share: Int) -> JUnitCase {
    let outcome: JUnitCase.Outcome =
      switch comparison.conclusion {
      case .regressed: .failure
      case .inconclusive: .skipped
      case _ where comparison.verdict == .unavailable: .skipped
      default: .success
      }
    return JUnitCase(
      group: comparison.cell.title, name: comparison.metric.title, outcome: outcome, type: "regression",
      message: "\(comparison.verdictText): \(comparison.sentence)", milliseconds: measured(comparison.cell) / share)
  }

  /// How long a cell was measured in both arms.
  private func measured(_ cell: Cell) -> Int {
    let trials = (base.trials + candidate.trials).filter { $0.cell == cell }
    // Stored results may state anything.
    return Int(exactly: (trials.reduce(0) { $0 + $1.measuredSeconds } * 1000).rounded()) ?? 0
  }

  /// As `time` states it: a number without a unit.
  fileprivate static func seconds(_ milliseconds: Int) -> String {
    (Double(milliseconds) / 1000).fixedPoint(decimals: 3) ?? "0"
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
  var milliseconds = 0

  func lines(classPrefix: String) -> [String] {
    let start =
      "    <testcase classname=\"\("\(classPrefix).\(group)".inXMLAttribute)\" name=\"\(name.inXMLAttribute)\" "
      + "time=\"\(GateVerdict.seconds(milliseconds))\""
    let text = message.inXMLAttribute
    switch outcome {
    case .success: return ["\(start)>", "      <system-out>\(text)</system-out>", "    </testcase>"]
    case .failure: return ["\(start)>", "      <failure type=\"\(type)\" message=\"\(text)\"/>", "    </testcase>"]
    case .error: return ["\(start)>", "      <error type=\"\(type)\" message=\"\(text)\"/>", "    </testcase>"]
    case .skipped: return ["\(start)>", "      <skipped message=\"\(text)\"/>", "    </testcase>"]
    }
  }
}
