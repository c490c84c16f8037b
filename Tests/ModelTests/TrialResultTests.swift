import Model
import Testing

/// Figures and verdict of a trial.
struct TrialResultTests {
  private func trial(_ checks: [CheckResult] = [], expectation: Model.Expectation = .pass, failure: String? = nil)
    -> TrialResult
  {
    var result = TrialResult(
      cell: Cell(strategy: "memory.none", workers: 2), strategyID: "memory.none", store: "memory", processes: 1,
      threads: 2, repetition: 1, position: 1, seed: 1, grade: .forbidden, expectation: expectation)
    result.checks = checks
    result.failure = failure
    return result
  }

  private static func violation(_ kind: Violation.Kind, key: Int? = 0, count: Int64 = 1) -> Violation {
    Violation(kind: kind, key: key, expected: "1", observed: "0", count: count, evidence: "")
  }

  private static let pass = CheckResult(checker: "a", examined: 5)
  private static let unknown = CheckResult(checker: "b", examined: 0)
  private static let broken = CheckResult(checker: "c", examined: 5, violations: [violation(.lostUpdate)])

  @Test("the conclusion of a checker follows from its findings")
  func checkResults() {
    #expect(Self.pass.verdict == .pass)
    #expect(Self.unknown.verdict == .unknown)
    #expect(Self.unknown.remark == "nothing was examined")
    #expect(Self.broken.verdict == .violation)
    #expect(CheckResult(checker: "d", examined: 5, unknown: "no state").verdict == .unknown)
    #expect(CheckResult(checker: "e", examined: 0, violations: Self.broken.violations).verdict == .violation)
  }

  @Test("the worst checker decides, and nothing checked is unknown")
  func verdict() {
    #expect(trial().verdict == .unknown)
    #expect(trial([Self.pass, Self.pass]).verdict == .pass)
    #expect(trial([Self.pass, Self.unknown]).verdict == .unknown)
    #expect(trial([Self.unknown, Self.broken, Self.pass]).verdict == .violation)
    #expect(trial([Self.pass], failure: "died").verdict == .unknown)
    #expect(trial([Self.broken], failure: "died").verdict == .violation)
  }

  struct ExpectationCase: Sendable, CustomTestStringConvertible {
    var expectation: Model.Expectation
    var checks: [CheckResult]
    var failure: String?
    var isAsExpected: Bool?
    var testDescription: String { "\(expectation) \(checks.map(\.verdict)) \(failure ?? "")" }
  }

  @Test(
    "what was expected is met, missed or open",
    arguments: [
      ExpectationCase(expectation: .pass, checks: [pass], isAsExpected: true),
      ExpectationCase(expectation: .pass, checks: [broken], isAsExpected: false),
      ExpectationCase(expectation: .pass, checks: [unknown], isAsExpected: nil),
      ExpectationCase(expectation: .pass, checks: [pass], failure: "died", isAsExpected: nil),
      ExpectationCase(expectation: .pass, checks: [broken], failure: "died", isAsExpected: false),
      ExpectationCase(expectation: .violation, checks: [pass], isAsExpected: false),
      ExpectationCase(expectation: .violation, checks: [broken], isAsExpected: true),
      ExpectationCase(expectation: .violation, checks: [unknown], isAsExpected: nil),
      ExpectationCase(expectation: .violation, checks: [], isAsExpected: nil),
      ExpectationCase(expectation: .any, checks: [pass], isAsExpected: true),
      ExpectationCase(expectation: .any, checks: [broken], isAsExpected: true),
      ExpectationCase(expectation: .any, checks: [unknown], isAsExpected: true),
      ExpectationCase(expectation: .any, checks: [pass], failure: "died", isAsExpected: nil),
    ])
  func expectations(example: ExpectationCase) {
    let result = trial(example.checks, expectation: example.expectation, failure: example.failure)
    #expect(result.isAsExpected == example.isAsExpected)
  }

  @Test("the number of violations is that of the worst kind, and kinds are not mixed")
  func violationCount() {
    #expect(trial([Self.pass]).violationCount == 0)
    let ledger = CheckResult(
      checker: "ledger", examined: 9,
      violations: [Self.violation(.lostUpdate, key: 0, count: 3), Self.violation(.lostUpdate, key: 1, count: 4)])
    let returns = CheckResult(
      checker: "unique-returns", examined: 9, violations: [Self.violation(.duplicateValue, count: 6)])
    #expect(trial([ledger, returns]).violationCount == 7)
    #expect(trial([ledger, returns]).violations.count == 3)
  }

  @Test("goodput and tries come from the measured window, nothing from an empty one")
  func figures() {
    var result = trial()
    #expect(result.goodputPerSecond == nil)
    #expect(result.triesPerOperation == nil)
    var measured = Tally()
    measured[.committed] = 90
    measured[.gaveUp] = 10
    measured[.attempts] = 150
    var drained = Tally()
    drained[.started] = 3
    drained[.committed] = 3
    result.tallies = [.measured: measured, .drained: drained]
    result.measuredSeconds = 2
    #expect(result.goodputPerSecond == 45)
    #expect(result.triesPerOperation == 1.5)
    #expect(result.censoredCount == 3)
    #expect(result.total[.committed] == 93)
  }

  @Test(
    "Jain's index",
    arguments: [([5, 5, 5, 5], 1), ([8, 0, 0, 0], 0.25), ([4, 2], 0.9), ([1], 1)] as [([Int64], Double)])
  func jain(committed: [Int64], index: Double) throws {
    let found = try #require(Fairness(committed: committed, longestWaitNanoseconds: 0).jainIndex)
    #expect(abs(found - index) < 1e-12)
  }

  @Test("fairness of nothing is not a number", arguments: [[], [0, 0]] as [[Int64]])
  func jainOfNothing(committed: [Int64]) {
    #expect(Fairness(committed: committed, longestWaitNanoseconds: 0).jainIndex == nil)
  }

  @Test(
    "client and server agree within the slack",
    arguments: [(10, 10, 0, true), (10, 11, 0, false), (10, 11, 1, true), (12, 10, 1, false)]
      as [(Int64, Int64, Int64, Bool)])
  func crossChecks(client: Int64, server: Int64, slack: Int64, agrees: Bool) {
    #expect(CrossCheck(name: "commits", client: client, server: server, slack: slack).agrees == agrees)
  }
}
