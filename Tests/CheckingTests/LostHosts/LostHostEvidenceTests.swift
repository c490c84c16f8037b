import Checking
import Model
import Scripts
import Testing

/// What workers counted and what strategies left, when a host of the trial was lost.
struct LostHostEvidenceTests {
  private let loss = "host so2 was lost: what its workers did is not known"

  private func evidence(_ workload: any Workload) -> Evidence {
    let count = workload.recordCount
    var evidence = makeEvidence(
      workload, final: (0..<count).map(workload.initialValue), acknowledged: Array(repeating: [0], count: count))
    evidence.missing = ["so2"]
    return evidence
  }

  /// The conclusion of a checker of what a strategy has left.
  private func conclude(
    _ checker: any Checker, _ remains: [String: [[Int64]]], acknowledged: [Int64] = [], missing: [String] = ["so2"]
  ) throws -> CheckResult {
    let counter = try makeWorkload("counter", keys: 2)
    var evidence = makeEvidence(
      counter, final: [acknowledged.reduce(0, +), 0], acknowledged: [acknowledged, []])
    evidence.missing = missing
    for (question, rows) in remains { evidence.remains[question] = rows }
    return try #require(check(counter, evidence, besides: [checker]).last)
  }

  @Test(
    "what workers counted is a violation all the same, and where they counted nothing it is unknown",
    arguments: [
      ("counter", .duplicateValues, "unique-returns"), ("profile", .tornReads, "consistent-reads"),
      ("profile", .staleReads, "fresh-reads"), ("profile", .missedOwnWrites, "session-reads"),
      ("profile", .nonMonotonicReads, "session-reads"), ("transfer", .unbalancedSnapshots, "balanced-audits"),
      ("seats", .doubleClaims, "exclusive-ownership"), ("on-call", .uncoveredPairs, "covered-pairs"),
      ("election", .staleEffectsAccepted, "stale-effects"),
    ] as [(String, Counter, String)])
  func counted(kind: String, counter: Counter, checker: String) throws {
    let options: [String: OptionValue] = kind == "transfer" ? ["audits": .number(0.5)] : [:]
    let workload = try makeWorkload(kind, keys: kind == "election" ? 1 : 2, options)
    var evidence = evidence(workload)
    evidence.total[.committedReads] = 1
    for counter in [Counter.comparedValues, .auditedSnapshots] { evidence.total[counter] = 1 }
    let silent = try check(workload, evidence).named(checker)
    #expect(silent.verdict == .unknown && silent.remark?.contains(loss) == true)
    evidence.total[counter] = 3
    let found = try check(workload, evidence).named(checker)
    #expect(found.verdict == .violation && found.violations.map(\.count) == [3])
    evidence.total[counter] = 0
    evidence.missing = []
    #expect(try check(workload, evidence).named(checker).remark?.contains("lost") != true)
  }

  @Test("what clients of a strategy counted is judged as what workers counted")
  func countedByClients() throws {
    for (checker, counter) in [
      (SameResponses(), .differentResponses), (AnswersWithinCheckpoint(), .answersAhead),
    ] as [(any Checker, Counter)] {
      let counters = try makeWorkload("counter", keys: 2)
      var evidence = evidence(counters)
      (evidence.total[.replays], evidence.total[.committedReads]) = (1, 1)
      #expect(check(counters, evidence, besides: [checker]).last?.verdict == .unknown)
      evidence.total[counter] = 1
      #expect(check(counters, evidence, besides: [checker]).last?.verdict == .violation)
    }
  }

  @Test("what stores hold decides, whether a host is there or not")
  func storesDecide() throws {
    let accounts = [EffectQuestion.accounts: [[0, 4, 4]] as [[Int64]]]
    let events: [String: [[Int64]]] = [
      EventRemains.events: [[4]], EventRemains.projected: [[4]], EventRemains.gaps: [], EventRemains.appendedTwice: [],
      EventRemains.lost: [], EventRemains.projectedTwice: [], EventRemains.reordered: [], EventRemains.diverged: [],
    ]
    let cases: [(any Checker, sound: [String: [[Int64]]], fault: [String: [[Int64]]])] = [
      (SingleEffects(), [EffectQuestion.repeated: []], [EffectQuestion.repeated: [[0, 7, 0, 2]]]),
      (RecordedEffects(), [EffectQuestion.unrecorded: []], [EffectQuestion.unrecorded: [[0, 7, 0]]]),
      (StreamContiguity(), events, [EventRemains.gaps: [[0, 4, 4, 1, 5]]]),
      (ProjectionEqualsFold(), events, [EventRemains.diverged: [[0, 4, 5]]]),
      (
        TickRuns(apart: true), [JobQuestion.runs: [[1, 0, 10, 20, 0], [2, 5, 30, 0, 0]]],
        [JobQuestion.runs: [[1, 0, 10, 20, 0], [1, 5, 30, 40, 0]]]
      ),
      (
        SagaEndings(), [SagaEndings.instances: [[1, 2, 1]], SagaEndings.steps: [[1, 0, 1, 0]]],
        [SagaEndings.steps: [[1, 0, 2, 0]]]
      ),
    ]
    for (checker, sound, fault) in cases {
      let sound = sound.merging(accounts) { $1 }
      let faulty = sound.merging(fault) { $1 }
      for missing in [[], ["so2"]] {
        #expect(try conclude(checker, sound, missing: missing).verdict == .pass, "\(checker.name)")
        #expect(try conclude(checker, faulty, missing: missing).verdict == .violation, "\(checker.name)")
      }
    }
  }

  @Test("fewer effects than were acknowledged are lost; more may be of the lost host")
  func keptEffects() throws {
    func result(_ effective: Int64) throws -> CheckResult {
      try conclude(KeptEffects(), [EffectQuestion.accounts: [[0, effective, effective]]], acknowledged: [1, 1, 1])
    }
    #expect(try result(2).findings == [Finding(.lostEffect, key: 0, count: 1)])
    #expect(try result(3).verdict == .unknown && result(9).verdict == .unknown)
  }

  @Test("who vanished may explain what is left: permits, messages, prepared transactions")
  func mayBeExplained() throws {
    let cases: [(any Checker, String, sound: [[Int64]], found: [[Int64]])] = [
      (PermitLimit(), PermitLimit.question, [[2, 9, 0, 2]], [[2, 9, 1, 3]]),
      (HandledMessages(), HandledMessages.question, [[0, 0, 0, 0]], [[0, 0, 0, 1]]),
      (InDoubtBranches(), InDoubtBranches.question, [[0, 0, 0]], [[0, 1, 1]]),
    ]
    for (checker, question, sound, found) in cases {
      #expect(try conclude(checker, [question: sound], acknowledged: [1]).remark == loss)
      #expect(try conclude(checker, [question: found], acknowledged: [1], missing: []).verdict == .violation)
      let result = try conclude(checker, [question: found], acknowledged: [1])
      #expect(result.verdict == .unknown && result.violations.isEmpty)
      #expect(result.remark == loss + ", and it may explain what was found")
    }
  }

  @Test("values are not final while something is open that a lost host has begun")
  func leftOpen() throws {
    let open: [([String: [[Int64]]], String)] = [
      ([InDoubtBranches.question: [[0, 2, 0], [1, 1, 0]]], "3 prepared transactions"),
      ([HandledMessages.question: [[0, 1, 4, 0]]], "5 messages"),
      ([SagaEndings.instances: [[1, 0, 3], [2, 1, 3], [3, 2, 3]], SagaEndings.steps: [[3, 0, 2, 0]]], "2 sagas"),
    ]
    let transfer = try makeWorkload("transfer", keys: 2)
    for (remains, words) in open {
      var evidence = makeEvidence(transfer, final: [-97, 103], acknowledged: [[-3], [3]])
      for (question, rows) in remains { evidence.remains[question] = rows }
      #expect(try check(transfer, evidence).named("conservation").verdict == .violation)
      evidence.missing = ["so2"]
      let results = check(transfer, evidence, besides: [SagaEndings()])
      #expect(
        try results.named("conservation").remark == "what a lost host left open may still change: \(words); \(loss)")
      // What was done twice stays, what has not ended yet is left out.
      let repeated = remains[SagaEndings.steps] == nil ? [] : [Finding(.duplicateEffect, key: nil, count: 1)]
      #expect(results.findings == repeated)
    }
  }

  @Test("a value nobody is known to have appended may be of a lost host; one that is there twice is wrong")
  func transactions() throws {
    let lists = try makeWorkload("list-append", keys: 2)
    func result(_ elements: [Int64], missing: [String]) throws -> CheckResult {
      var evidence = makeEvidence(lists, final: [3, 0], acknowledged: [[1, 1], []])
      func operation(_ process: Int, _ action: Access.Action) -> RecordedOperation {
        RecordedOperation(
          process: process, .txn, invoke: Int64(process * 10), end: Int64(process * 10 + 5), .ok, [Access(0, action)])
      }
      evidence.history = History(operations: [
        operation(1, .append(1)), operation(2, .append(2)), operation(3, .list(elements)),
      ])
      evidence.missing = missing
      return try check(lists, evidence).named("list-append")
    }
    #expect(try result([1, 2], missing: []).verdict == .pass)
    #expect(try result([1, 7, 2], missing: []).findings.map(\.kind) == [.unexplainedValue])
    #expect(try result([1, 2], missing: ["so2"]).remark?.contains(loss) == true)
    #expect(try result([1, 7, 2], missing: ["so2"]).verdict == .unknown)
    #expect(try result([1, 7, 1], missing: ["so2"]).findings.map(\.kind) == [.duplicateElement])
  }
}
