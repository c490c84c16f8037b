import Checking
import Model
import Testing
import Workloads

/// Good evidence with one thing changed must be caught: a checker that overlooks a mutation is no checker.
struct MutationTests {
  /// Good evidence of a random execution with some unknown outcomes, and a generator to draw the mutation.
  private func goodEvidence(
    _ settings: WorkloadSettings, seed: UInt64
  ) throws -> (workload: any Workload, evidence: Evidence, random: RandomSource) {
    let workload = try #require(WorkloadRegistry.make(settings))
    var trial = SimulatedTrial(workload, seed: seed, unknownRate: 0.05)
    trial.run(400, seed: seed)
    try #require(check(workload, trial.evidence).verdict == .pass)
    return (workload, trial.evidence, RandomSource(seed: seed, stream: 7))
  }

  @Test(
    "a final value just outside of what is explained is caught, on either side", arguments: SimulationTests.settings,
    1...5)
  func finalValue(settings: WorkloadSettings, seed: UInt64) throws {
    // Occupancy has two values only: see the tests below.
    guard !["seats", "on-call"].contains(settings.kind) else { return }
    var (workload, evidence, random) = try goodEvidence(settings, seed: seed)
    let key = Int(random.below(UInt64(workload.recordCount)))
    let explained = evidence.initial[key] + evidence.ledger[key].acknowledged
    let isBelow = random.below(2) == 0
    let edge = explained + (isBelow ? evidence.ledger[key].unknownLow : evidence.ledger[key].unknownHigh)
    evidence.final?[key] = edge
    #expect(try check(workload, evidence).named("ledger").verdict == .pass)
    evidence.final?[key] = isBelow ? edge - 1 : edge + 1
    #expect(try check(workload, evidence).named("ledger").findings.map(\.key) == [key])
  }

  @Test("a seat emptied or taken behind the backs of the workers is caught", arguments: 1...10)
  func ownership(seed: UInt64) throws {
    let workload = try #require(WorkloadRegistry.make(WorkloadSettings(kind: "seats", keys: 8)))
    var trial = SimulatedTrial(workload, seed: seed)
    trial.run(400, seed: seed)
    var evidence = trial.evidence
    var random = RandomSource(seed: seed)
    let key = Int(random.below(8))
    let wasFree = evidence.final?[key] == 0
    evidence.final?[key] = wasFree ? 1 : 0
    let findings = check(workload, evidence).findings
    #expect(findings.allSatisfy { $0.key == key && $0.count == 1 })
    #expect(findings.map(\.kind) == (wasFree ? [.phantomUpdate] : [.doubleBooking, .lostUpdate]))
  }

  @Test("a claim too many in the ledger is a double booking", arguments: 1...10)
  func doubleBooking(seed: UInt64) throws {
    let settings = WorkloadSettings(kind: "seats", keys: 8)
    var (workload, evidence, random) = try goodEvidence(settings, seed: seed)
    let key = Int(random.below(8))
    // Past the unknown releases, each of which explains one claim.
    let slack =
      (evidence.final?[key] == 0 ? 0 : 1) - evidence.ledger[key].acknowledged - evidence.ledger[key].unknownLow
    evidence.ledger[key].acknowledged += slack
    #expect(try check(workload, evidence).named("exclusive-ownership").verdict == .pass)
    evidence.ledger[key].acknowledged += 1
    #expect(
      try check(workload, evidence).named("exclusive-ownership").findings
        == [Finding(.doubleBooking, key: key, count: 1)])
  }

  @Test("a cent more or less is caught by conservation", arguments: [-1, 1] as [Int64], 1...5)
  func sum(difference: Int64, seed: UInt64) throws {
    let settings = WorkloadSettings(kind: "transfer", keys: 5)
    var (workload, evidence, random) = try goodEvidence(settings, seed: seed)
    evidence.final?[Int(random.below(5))] += difference
    #expect(
      try check(workload, evidence).named("conservation").findings == [Finding(.conservation, key: nil, count: 1)])
  }

  @Test("counted duplicates, torn and stale reads are caught", arguments: 1...3)
  func counted(seed: UInt64) throws {
    let cases: [(kind: String, counter: Counter, finding: Violation.Kind)] = [
      ("counter", .duplicateValues, .duplicateValue), ("profile", .tornReads, .tornRead),
      ("profile", .staleReads, .staleRead),
    ]
    for (kind, counter, finding) in cases {
      var (workload, evidence, _) = try goodEvidence(WorkloadSettings(kind: kind, keys: 2), seed: seed)
      evidence.total[counter] += 1
      #expect(check(workload, evidence).findings == [Finding(finding, key: nil, count: 1)])
    }
  }
}
