import Checking
import Model
import Testing
import Workloads

/// Whole executions by the workers of several hosts, of which one is lost: nobody is accused of what it did, and nothing
/// passes that it may have broken.
struct LostHostHistoryTests {
  private static let hosts = 3
  /// Those that know how it ended without being told.
  private static let deciding: Set<String> = ["conservation", "whole-orders"]
  private static let cases = SimulationTests.settings.flatMap { settings in
    (1...7).map { (settings, UInt64($0)) }
  }

  private func trial(
    _ settings: WorkloadSettings, seed: UInt64, lost: Int?, _ fault: SimulatedTrial.Fault? = nil, of faulty: Int? = nil,
    rate: Double = 0
  ) throws -> (trial: SimulatedTrial, results: [CheckResult]) {
    let workload = try #require(WorkloadRegistry.make(settings))
    var trial = SimulatedTrial(workload, seed: seed, unknownRate: 0.05, fault: fault, faultRate: rate)
    (trial.hosts, trial.lostHost, trial.faultyHost) = (Self.hosts, lost, faulty)
    trial.run(400, workers: 6, seed: seed)
    return (trial, check(workload, trial.evidence))
  }

  @Test(
    "of a correct history whose host is lost nothing is accused, and nothing passes that cannot know", arguments: cases)
  func correct(settings: WorkloadSettings, seed: UInt64) throws {
    #expect(try trial(settings, seed: seed, lost: nil).results.allSatisfy { $0.verdict == .pass })
    for lost in 0..<Self.hosts {
      let results = try trial(settings, seed: seed, lost: lost).results
      #expect(results.findings.isEmpty)
      for result in results {
        let decides = Self.deciding.contains(result.checker)
        #expect(result.verdict == (decides ? .pass : .unknown), "\(result.checker)")
        let words = "host so\(lost) was lost: what its workers did is not known"
        #expect(decides ? result.remark == nil : result.remark?.hasSuffix(words) == true, "\(result.checker)")
      }
    }
  }

  @Test("most of the same histories are accused by the ledger when nobody says that a host is missing")
  func unsaid() throws {
    var accused = 0
    for (settings, seed) in Self.cases {
      let workload = try #require(WorkloadRegistry.make(settings))
      var evidence = try trial(settings, seed: seed, lost: 1).trial.evidence
      evidence.missing = []
      if try check(workload, evidence).named("ledger").verdict == .violation { accused += 1 }
    }
    #expect(accused * 4 >= Self.cases.count * 3, "\(accused) of \(Self.cases.count)")
  }

  @Test("what only the lost host could prove does not pass, and its faults are put on nobody else", arguments: cases)
  func faultsOfTheLost(settings: WorkloadSettings, seed: UInt64) throws {
    let complete = try trial(settings, seed: seed, lost: nil, .race, of: 1, rate: 0.3)
    let limited = try trial(settings, seed: seed, lost: 1, .race, of: 1, rate: 0.3)
    #expect(complete.trial.faults == limited.trial.faults)
    for (whole, part) in zip(complete.results, limited.results) {
      #expect(whole.checker == part.checker)
      #expect(part.verdict != .pass || whole.verdict == .pass, "\(part.checker)")
      // What is found is there to be found; the numbers may be smaller.
      let known = Set(whole.findings.map { "\($0.kind.rawValue) \($0.key ?? -1)" })
      #expect(part.findings.allSatisfy { known.contains("\($0.kind.rawValue) \($0.key ?? -1)") }, "\(part.findings)")
    }
  }

  @Test("lost updates among those that arrived stay violations, in the number that they themselves have counted")
  func faultsOfOthers() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (trial, results) = try trial(
        WorkloadSettings(kind: "counter", keys: 2), seed: seed, lost: 2, .race, of: 0, rate: 0.5)
      let counted = trial.evidence.total[.duplicateValues]
      #expect(counted > 0)
      let unique = try results.named("unique-returns")
      #expect(unique.verdict == .violation && unique.findings.reduce(0) { $0 + $1.count } == counted)
      #expect(unique.remark == "host so2 was lost: what its workers did is not known")
    }
  }

  @Test("what the final state shows by itself is found, whoever is lost", arguments: 0..<hosts)
  func finalStates(lost: Int) throws {
    let transfers = try trial(
      WorkloadSettings(kind: "transfer", keys: 4), seed: 5, lost: lost, .partialWrite, rate: 0.05)
    #expect(transfers.trial.faults > 0)
    #expect(try transfers.results.named("conservation").verdict == .violation)
    let orders = try trial(WorkloadSettings(kind: "order", keys: 8), seed: 5, lost: lost, .partialWrite, rate: 0.05)
    #expect(
      try orders.results.named("whole-orders").findings
        == [Finding(.mixedOutcome, key: nil, count: orders.trial.faults)])
    var uncovered = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      let shifts = WorkloadSettings(kind: "on-call", keys: 4)
      let complete = try trial(shifts, seed: seed, lost: nil, .race, rate: 0.5).results.named("covered-pairs")
      let limited = try trial(shifts, seed: seed, lost: lost, .race, rate: 0.5).results.named("covered-pairs")
      // Pairs without cover at the end have a record.
      #expect(limited.findings.filter { $0.key != nil } == complete.findings.filter { $0.key != nil })
      uncovered += limited.findings.count { $0.key != nil }
    }
    #expect(uncovered > 0)
  }
}
