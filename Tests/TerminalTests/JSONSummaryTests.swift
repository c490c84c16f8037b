import Foundation
import Model
import Testing

@testable import Terminal

/// The summary as JSON, read back by another implementation.
struct JSONSummaryTests {
  private func parsed(_ results: [TrialResult], isComplete: Bool = true) throws -> [String: Any] {
    let data = Data(jsonSummary(of: results, isComplete: isComplete).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func cells(_ results: [TrialResult]) throws -> [[String: Any]] {
    try #require(try parsed(results)["cells"] as? [[String: Any]])
  }

  @Test("every figure under its key, in the order of the run")
  func figures() throws {
    let cells = try cells(SampleTrials.everything)
    #expect(
      cells.map { $0["strategy"] as? String } == [
        "memory.none", "postgres.for-update", "postgres.advisory-lock",
        "redis.lock with a fencing token and a short lease", "postgres.optimistic", "redis.get-then-set",
        "memory.harmless-control",
      ])
    let advisory = cells[2]
    #expect(advisory["workers"] as? Int == 8)
    #expect(advisory["variant"] as? String == "")
    let variants = try self.cells(["keys=1", "keys=16"].map { SampleTrials.trial("a", variant: $0) })
    #expect(variants.map { $0["variant"] as? String } == ["keys=1", "keys=16"])
    #expect(advisory["goodput_per_s"] as? Double == 2000)
    #expect(advisory["p50_ns"] as? Int == 3_999_743)
    #expect(advisory["tries_per_operation"] as? Double == 26_000.0 / 20_007)
    #expect(advisory["deadlocks"] as? Int == 12)
    #expect(advisory["gave_up"] as? Int == 7)
    #expect(advisory["unknown"] as? Int == 0)
    #expect(advisory["violations"] as? Int == 0)
    #expect(advisory["verdict"] as? String == "pass")
    #expect(advisory["expectation"] as? String == "pass")
    #expect(advisory["as_expected"] as? Bool == true)
    #expect(advisory["examined"] as? Int == 20_000)
    #expect(advisory["violation_rate_upper_bound"] as? Double == 0.00015)
    #expect(cells[0]["violations"] as? Int == 1234)
    #expect(cells[0]["violation_rate_upper_bound"] is NSNull)
    #expect(cells[1]["disturbed_trials"] as? Int == 1)
    #expect(cells[1]["censored"] as? Int == 8)
    #expect(cells[1]["overlaps"] as? Int == 3)
    #expect(cells[3]["failed_trials"] as? Int == 1)
    #expect(cells[3]["failures"] as? [String] == ["worker process 4711 was killed by signal 9"])
  }

  @Test("what is not known is null, never zero")
  func missing() throws {
    var nothing = SampleTrials.trial("memory.none", committed: 0)
    nothing.failure = "the store could not be read"
    let cell = try #require(try cells([nothing]).first)
    for key in ["goodput_per_s", "p50_ns", "p99_ns", "p999_ns", "tries_per_operation", "as_expected"] {
      #expect(cell[key] is NSNull, "\(key)")
    }
    #expect(try cells(SampleTrials.everything)[4]["p999_ns"] is NSNull)
  }

  @Test("the conclusion and its exit code")
  func conclusion() throws {
    let held = try parsed([SampleTrials.trial("a")])
    #expect(held["conclusion"] as? String == "held")
    #expect(held["exit_code"] as? Int == 0)
    #expect(held["complete"] as? Bool == true)
    #expect(try parsed([SampleTrials.trial("a", lost: 1)])["exit_code"] as? Int == 2)
    #expect(try parsed([])["conclusion"] as? String == "inconclusive")
    let interrupted = try parsed([SampleTrials.trial("a")], isComplete: false)
    #expect(interrupted["complete"] as? Bool == false)
    #expect(interrupted["conclusion"] is NSNull)
    #expect(interrupted["exit_code"] is NSNull)
  }

  @Test("any label survives the way through JSON")
  func escaping() throws {
    let label = "a \"b\" \\c/ \u{0}\u{1}\u{1F}\u{7F}\n\r\t \u{2028} \u{E9}\u{1F600}"
    #expect(try cells([SampleTrials.trial(label)]).first?["strategy"] as? String == label)
  }
}
