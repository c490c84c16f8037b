import Model
import Testing

/// When a zero means little because operations hardly met.
struct EncounterTests {
  private func cell(
    _ strategy: String = "redis.lock", looks: Int64 = 4_000, met: Int64, moments: Int64 = 500,
    operations: Int64 = 10_000,
    violated: Bool = false
  ) throws -> CellSummary {
    var trial = SampleTrial.passing(strategy)
    trial.encounters = Encounters(moments: moments, looks: looks, met: met)
    var tally = Tally()
    for counter in [Counter.started, .committed, .attempts] { tally[counter] = operations }
    trial.tallies = [.measured: tally]
    if violated {
      let lost = Violation(kind: .lostUpdate, key: 0, expected: "9", observed: "8", count: 1, evidence: "")
      trial.checks = [CheckResult(checker: "conservation", examined: 9, violations: [lost])]
    }
    return try #require(CellSummary.summaries(of: [trial]).first)
  }

  @Test("a pass with few encounters means little")
  func few() throws {
    #expect(try cell(met: 20).shareOfTooFewMet == 0.005)
    #expect(try cell(met: 0).shareOfTooFewMet == 0)
    #expect(try cell(met: 40).shareOfTooFewMet == nil, "1 % is enough")
    #expect(try cell(met: 4_000).shareOfTooFewMet == nil)
  }

  @Test("so many operations make up for a low share")
  func many() throws {
    #expect(try cell(met: 20, operations: 599_000).shareOfTooFewMet == 0.005)
    #expect(try cell(met: 20, operations: 600_000).shareOfTooFewMet == nil)
    #expect(try cell(met: 0, operations: 1_000_000_000).shareOfTooFewMet == 0)
  }

  @Test("it concerns neither violations nor null operations, and nothing that was not looked at")
  func exceptions() throws {
    #expect(try cell(met: 0, violated: true).shareOfTooFewMet == nil)
    #expect(try cell("floor.redis", met: 0).shareOfTooFewMet == nil)
    #expect(try cell(looks: 0, met: 0, moments: 0).shareOfTooFewMet == nil, "older results do not state it")
  }

  @Test("where operations are seldom in flight at all, few of them can meet")
  func seldom() throws {
    #expect(Encounters(moments: 1_000, looks: 4, met: 0).share == 0.008)
    #expect(try cell(looks: 4, met: 0, moments: 1_000).shareOfTooFewMet == 0.008)
    #expect(Encounters(moments: 40, looks: 29, met: 29).share == 1)
    #expect(Encounters(moments: 20, looks: 10, met: 0).share == nil)
  }

  @Test("a single worker meets nobody, however seldom it was looked at")
  func alone() throws {
    var trial = SampleTrial.passing("redis.lock", workers: 1)
    trial.encounters = Encounters(moments: 3, looks: 3, met: 0)
    let alone = try #require(CellSummary.summaries(of: [trial]).first)
    #expect(alone.shareOfTooFewMet == 0)
    trial.cell.workers = 2
    let two = try #require(CellSummary.summaries(of: [trial]).first)
    #expect(two.shareOfTooFewMet == nil)
  }

  @Test("repetitions are added up")
  func repetitions() throws {
    let trials = (1...3).map { repetition in
      var trial = SampleTrial.passing("redis.lock", repetition: repetition)
      trial.encounters = Encounters(moments: 100, looks: 20, met: Int64(repetition))
      return trial
    }
    let cell = try #require(CellSummary.summaries(of: trials).first)
    #expect(cell.encounters == Encounters(moments: 300, looks: 60, met: 6) && cell.encounters.share == 0.1)
  }
}
