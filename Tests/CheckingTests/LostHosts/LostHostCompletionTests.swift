import Checking
import Model
import Testing
import Workloads

/// Evidence without a host, compared with every way in which that host may complete it: an accusation must stand in all of
/// them, and a pass too.
struct LostHostCompletionTests {
  /// Farther than any value here lies from another.
  private static let reach: ClosedRange<Int64> = -40...40
  private static let settings = [
    WorkloadSettings(kind: "counter"), WorkloadSettings(kind: "payment"),
    WorkloadSettings(kind: "transfer", keys: 2, options: Options([], stated: ["initial": .integer(6)])),
    WorkloadSettings(kind: "stock", options: Options([], stated: ["initial": .integer(6)])),
    WorkloadSettings(kind: "seats"),
    WorkloadSettings(kind: "seats", options: Options([], stated: ["release": .flag(false)])),
  ]

  /// Evidence of one record that changes, drawn so that it is right about as often as wrong.
  private func draw(_ workload: any Workload, _ random: inout RandomSource) -> Evidence {
    let count = workload.recordCount
    let initial = (0..<count).map(workload.initialValue)
    var ledger = Array(repeating: LedgerEntry(), count: count)
    let least = min(0, max(-8, workload.changes.lowerBound * 8))
    let greatest = max(0, min(8, workload.changes.upperBound * 8))
    func number(_ range: ClosedRange<Int64>) -> Int64 { range.lowerBound + Int64(random.below(UInt64(range.count))) }
    ledger[0] = LedgerEntry(
      acknowledged: number(least...greatest), acknowledgedCount: 8, unknownLow: number(max(-2, least)...0),
      unknownHigh: number(0...min(2, greatest)))
    var final = initial
    final[0] = workload.holdsTokens ? number(0...1) : initial[0] + number(-10...10)
    if random.below(2) == 0, count > 1 { final[1] -= final[0] - initial[0] }
    var total = Tally()
    total[.committed] = 8
    return Evidence(initial: initial, final: final, ledger: ledger, total: total, tokens: 1...4)
  }

  /// The verdicts of each checker for everything that the lost host may have had acknowledged of the first record; of the
  /// second, nothing or what explains it.
  private func completions(_ evidence: Evidence, _ workload: any Workload) -> [String: Set<Verdict>] {
    var verdicts: [String: Set<Verdict>] = [:]
    for change in Self.reach {
      if change < 0 && workload.changes.lowerBound >= 0 || change > 0 && workload.changes.upperBound <= 0 { continue }
      for isExplained in [false, true] {
        var complete = evidence
        complete.ledger[0].acknowledged += change
        if isExplained, workload.recordCount > 1, let final = evidence.final {
          complete.ledger[1].acknowledged = final[1] - evidence.initial[1]
        }
        for result in check(workload, complete) { verdicts[result.checker, default: []].insert(result.verdict) }
      }
    }
    return verdicts
  }

  @Test(
    "a checker accuses exactly when every completion does, and passes only when all do", arguments: settings, 1...12)
  func everyCompletion(settings: WorkloadSettings, seed: UInt64) throws {
    let workload = try #require(WorkloadRegistry.make(settings))
    var random = RandomSource(seed: seed, stream: 3)
    for _ in 0..<10 {
      var evidence = draw(workload, &random)
      let complete = completions(evidence, workload)
      evidence.missing = ["so1"]
      for result in check(workload, evidence) {
        let verdicts = try #require(complete[result.checker])
        #expect(
          (result.verdict == .violation) == (verdicts == [.violation]), "\(result.checker) \(verdicts) \(evidence)")
        #expect(result.verdict != .pass || verdicts == [.pass], "\(result.checker) \(verdicts) \(evidence)")
      }
    }
  }

  @Test("the drawn evidence has all kinds of answers: proved, open, and decided by the end alone")
  func power() throws {
    var seen: [String: Set<Verdict>] = [:]
    for settings in Self.settings {
      let workload = try #require(WorkloadRegistry.make(settings))
      for seed in 1...12 as ClosedRange<UInt64> {
        var random = RandomSource(seed: seed, stream: 3)
        for _ in 0..<10 {
          var evidence = draw(workload, &random)
          evidence.missing = ["so1"]
          for result in check(workload, evidence) {
            seen["\(settings.kind) \(result.checker)", default: []].insert(result.verdict)
          }
        }
      }
    }
    #expect(
      seen == [
        "counter ledger": [.unknown, .violation], "payment ledger": [.unknown, .violation],
        "stock ledger": [.unknown, .violation], "stock minimum": [.unknown, .violation],
        "transfer conservation": [.pass, .violation], "transfer ledger": [.unknown],
        "transfer minimum": [.unknown, .violation],
        "seats ledger": [.unknown, .violation], "seats exclusive-ownership": [.unknown, .violation],
      ])
  }

  @Test("of a lost update that what arrived proves it says which bounds are left")
  func provedLoss() throws {
    let counter = try makeWorkload("counter", keys: 2)
    var evidence = makeEvidence(counter, final: [2, 90], acknowledged: [[1, 1, 1], [1]])
    evidence.missing = ["so2"]
    let ledger = try check(counter, evidence).named("ledger")
    #expect(ledger.findings == [Finding(.lostUpdate, key: 0, count: 1)])
    #expect(ledger.violations.first?.expected == "at least 3")
    #expect(
      ledger.violations.first?.evidence
        == "initial value 0, 3 acknowledged changes of +3 in all, unknown outcomes may add 0 or more; off by 1")
    let stock = try makeWorkload("stock", ["initial": .integer(10)])
    evidence = makeEvidence(stock, final: [9], acknowledged: [[-1, -1, -1]])
    evidence.missing = ["so2"]
    #expect(try check(stock, evidence).named("ledger").violations.first?.expected == "at most 7")
    evidence.final = [3]
    #expect(check(stock, evidence).verdict == .unknown)
  }

  @Test("sold twice by those that arrived is proved; a store below its minimum is, too")
  func minimum() throws {
    let stock = try makeWorkload("stock", ["initial": .integer(2)])
    var evidence = makeEvidence(stock, final: [0], acknowledged: [[-1, -1, -1]])
    evidence.missing = ["so2"]
    #expect(try check(stock, evidence).named("minimum").findings == [Finding(.oversell, key: 0, count: 1)])
    let transfer = try makeWorkload("transfer", keys: 2)
    evidence = makeEvidence(transfer, final: [-1, 201], acknowledged: [[-3], [3]])
    evidence.missing = ["so2"]
    #expect(check(transfer, evidence).findings.map(\.kind) == [.negativeBalance])
  }

  @Test("at the limits of 64 bits, with several hosts lost, nothing overflows")
  func extremes() throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    let edge = LedgerEntry(acknowledged: .min, acknowledgedCount: 1, unknownLow: .min, unknownHigh: .max)
    var evidence = Evidence(initial: [.min, .max], final: [.max, .min], ledger: [edge, edge], total: Tally())
    evidence.missing = ["so1", "host 2 (so2)", "so3"]
    let results = check(transfer, evidence)
    #expect(try results.named("ledger").verdict == .unknown)
    let words = "host so1, host 2 (so2) and host so3 were lost: what their workers did is not known"
    #expect(try results.named("ledger").remark == "no operation committed a change; \(words)")
    let counter = try makeWorkload("counter", keys: 2)
    evidence.ledger = [LedgerEntry(acknowledged: .max, acknowledgedCount: 1, unknownHigh: .max), LedgerEntry()]
    #expect(
      try check(counter, evidence).named("ledger").findings == [Finding(.lostUpdate, key: 1, count: .max)])
  }
}
