import Model
import Testing

/// Merging of verdicts, grades and the power of a zero.
struct VerdictTests {
  @Test("the worst verdict wins: violation over unknown over pass")
  func order() {
    #expect([Verdict.pass, .unknown, .violation] == [Verdict.violation, .pass, .unknown].sorted())
    #expect([Verdict.pass, .unknown].max() == .unknown)
  }

  @Test("a strategy for threads promises nothing to several processes, and a control stays one")
  func grades() {
    func grade(_ scope: Scope, _ grade: Grade, processes: Int) -> Grade {
      StrategyDescriptor(
        id: "a.b", summary: "", documentation: .sample, store: "memory", scope: scope, threading: .perWorker,
        grade: grade
      )
      .grade(processes: processes)
    }
    #expect(grade(.process, .forbidden, processes: 1) == .forbidden)
    #expect(grade(.process, .forbidden, processes: 2) == .interesting)
    #expect(grade(.process, .required, processes: 2) == .required)
    #expect(grade(.host, .forbidden, processes: 2) == .forbidden)
    #expect(grade(.network, .forbidden, processes: 2) == .forbidden)
  }

  @Test("a cell needs the services of its strategy and of its store, each once")
  func services() {
    let lock = StrategyDescriptor(
      id: "redis.lock", summary: "", documentation: .sample, needs: ["redis"], store: "redis",
      stores: ["memory", "postgres", "redis"], scope: .network, threading: .shared)
    #expect(lock.services(over: nil) == ["redis"])
    #expect(lock.services(over: "memory") == ["redis"])
    #expect(lock.services(over: "postgres") == ["redis", "postgres"])
  }

  @Test(
    "a zero in n leaves 3 / n plausible",
    arguments: [(1, 1), (3, 1), (30, 0.1), (3_000_000, 1e-6)] as [(Int64, Double)])
  func powerOfZero(examined: Int64, bound: Double) throws {
    #expect(abs(try #require(PowerOfZero.upperBound(examined: examined)) - bound) < 1e-15)
  }

  @Test("only a pass has an upper bound")
  func boundOfPasses() {
    #expect(PowerOfZero.upperBound(examined: 0) == nil)
    #expect(CheckResult(checker: "a", examined: 300).upperBound == 0.01)
    #expect(CheckResult(checker: "a", examined: 300, unknown: "no state").upperBound == nil)
    let violation = Violation(kind: .oversell, key: 0, expected: "", observed: "", count: 1, evidence: "")
    #expect(CheckResult(checker: "a", examined: 300, violations: [violation]).upperBound == nil)
  }
}
