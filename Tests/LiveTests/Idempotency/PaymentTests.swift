import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// Requests that are delivered twice, to services on PostgreSQL.
@Suite(.serialized) struct PaymentTests {
  private func trial(
    _ strategy: String, _ workload: String = "payment", redelivered: Double = 0.5, delay: Duration = .zero,
    options: [String: OptionValue] = [:], operations: Int = 240
  ) -> EngineTrial {
    var trial = EngineTrial(
      strategy, workload, keys: 4, ["redelivered": .number(redelivered), "delay": .duration(delay)], workers: 6,
      processes: 2, operations: operations)
    trial.hold = .microseconds(300)
    trial.options = options
    return trial
  }

  private func expectCountsAgree(_ result: TrialResult) {
    for check in result.crossChecks { #expect(check.agrees, "\(check)") }
    #expect(!result.crossChecks.isEmpty)
  }

  @Test(
    "a key that is claimed first and finished with the effect charges once, and every delivery gets one response",
    arguments: ["reject", "wait"], ["payment", "click"])
  func sound(duplicate: String, workload: String) throws {
    let result = try trial(
      "postgres.idempotency-key", workload, options: ["duplicate": .word(duplicate)]
    ).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(
      Set(result.checks.map(\.checker)) == [
        "ledger", "single-effects", "kept-effects", "recorded-effects", "same-responses",
      ])
    #expect(result.total[.committed] == 240 && result.total.failedAttempts == 0)
    #expect(result.total[.redeliveries] > 60 && result.total[.replays] > 60)
    #expect(result.total[.differentResponses] == 0)
    #expect((result.total[.rejectedDuplicates] > 0) == (duplicate == "reject"))
    #expect((result.total[.polls] > 0) == (duplicate == "wait"))
    expectCountsAgree(result)
  }

  @Test("stages are recorded of what took effect")
  func stages() throws {
    let result = try trial("postgres.idempotency-key").run()
    #expect(result.stageNames == ["claim", "work", "finish"])
  }

  @Test("a delivery that comes late gets the stored response")
  func late() throws {
    let result = try trial("postgres.idempotency-key", delay: .milliseconds(200), operations: 36).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.replays] == result.total[.redeliveries] && result.total[.replays] > 3)
  }

  @Test(
    "the controls charge twice, and all that shows it is found",
    arguments: [
      ("check-then-insert", true), ("key-after-effect", true), ("key-rolled-back", false),
    ])
  func controls(name: String, answersBoth: Bool) throws {
    let result = try trial("postgres.idempotency-\(name)").run()
    #expect(result.grade == .required && result.verdict == .violation)
    let kinds = Set(result.violations.map(\.kind))
    #expect(kinds.isSuperset(of: [.duplicateEffect, .phantomUpdate]), "\(kinds)")
    #expect(kinds.contains(.differentResponse) == answersBoth, "\(kinds)")
    #expect(!kinds.contains(.lostEffect), "\(kinds)")
    let effects = result.violations.filter { $0.kind == .duplicateEffect }.reduce(0) { $0 + $1.count }
    #expect(effects > 5)
    expectCountsAgree(result)
  }

  @Test("without redelivery and errors the controls seem to be right")
  func undisturbed() throws {
    for name in ["check-then-insert", "key-after-effect"] {
      let result = try trial("postgres.idempotency-\(name)", redelivered: 0, operations: 60).run()
      #expect(result.verdict == .pass, "\(name): \(result.checks)")
    }
    let result = try trial(
      "postgres.idempotency-key-rolled-back", options: ["failing": .number(0)], operations: 60
    ).run()
    #expect(result.verdict == .pass, "\(result.checks)")
  }

  @Test("a service that works for longer than its claim lasts is overtaken, and charges nothing then")
  func overtaken() throws {
    var trial = trial(
      "postgres.idempotency-key", options: ["lock-timeout": .duration(.milliseconds(10))], operations: 60)
    trial.hold = .milliseconds(30)
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] == 60 && result.total[.rejectedDuplicates] > 0)
    // The first delivery finds that its key is somebody else's, so that only the other one is answered.
    #expect(result.total[.replays] < result.total[.redeliveries] - 3)
    expectCountsAgree(result)
  }

  @Test("a lock around the service hands the deliveries on")
  func surrounded() throws {
    let result = try trial("redis.lock over postgres.idempotency-key", operations: 60).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.redeliveries] > 5)
  }
}
