import Model
import Testing
import Workloads

@testable import Checking

/// What the final values tell of operations of unknown outcome, and what they do not.
@Suite struct UnknownOutcomeTests {
  private func evidence(
    final: [Int64]?, _ ledger: [LedgerEntry], committed: Int64, unknown: Int64, initial: [Int64] = [10, 10]
  ) -> Evidence {
    var total = Tally()
    (total[.committed], total[.unknown]) = (committed, unknown)
    total[.started] = committed + unknown
    return Evidence(initial: initial, final: final, ledger: ledger, total: total)
  }

  private func resolve(_ evidence: Evidence, _ workload: any Workload) -> UnknownOutcomes {
    UnknownOutcomes(evidence, of: workload, checks: workload.checkers.compactMap { $0.check(evidence, of: workload) })
  }

  private func workload(_ settings: WorkloadSettings) throws -> any Workload {
    try #require(WorkloadRegistry.make(settings))
  }
  private let ledger = [
    LedgerEntry(acknowledged: 5, acknowledgedCount: 5, unknownHigh: 3),
    LedgerEntry(acknowledged: 2, acknowledgedCount: 2, unknownHigh: 1),
  ]

  @Test("a counter holds as many of them as it is above what was acknowledged")
  func counted() throws {
    let counter = try workload(WorkloadSettings(kind: "counter", keys: 2))
    for (first, second, applied) in [(15, 12, 0), (17, 12, 2), (18, 13, 4), (15, 13, 1)] as [(Int64, Int64, Int64)] {
      let outcomes = resolve(evidence(final: [first, second], ledger, committed: 7, unknown: 4), counter)
      #expect(outcomes == UnknownOutcomes(applied: applied, notApplied: 4 - applied), "\(first) \(second)")
    }
  }

  @Test("an unknown operation that only read, or that a ledger knows twice, is in effect nowhere")
  func readsAndDeaths() throws {
    let counter = try workload(WorkloadSettings(kind: "counter", keys: 2))
    // One more than the ledgers know of; and one less: a worker died after its change had been acknowledged.
    #expect(
      resolve(evidence(final: [17, 12], ledger, committed: 7, unknown: 5), counter)
        == UnknownOutcomes(applied: 2, notApplied: 3))
    #expect(
      resolve(evidence(final: [17, 12], ledger, committed: 7, unknown: 3), counter)
        == UnknownOutcomes(applied: 2, notApplied: 1))
    // More are in effect than are unknown: something else is.
    #expect(
      resolve(evidence(final: [18, 13], ledger, committed: 7, unknown: 3), counter) == UnknownOutcomes(unresolved: 3))
  }

  @Test("nothing is claimed where something else may explain the values")
  func untold() throws {
    let counter = try workload(WorkloadSettings(kind: "counter", keys: 2))
    let unresolved = UnknownOutcomes(unresolved: 4)
    // Not read; a violation; a change that was acknowledged and is in no ledger.
    #expect(resolve(evidence(final: nil, ledger, committed: 7, unknown: 4), counter) == unresolved)
    #expect(resolve(evidence(final: [14, 12], ledger, committed: 7, unknown: 4), counter) == unresolved)
    #expect(resolve(evidence(final: [19, 12], ledger, committed: 7, unknown: 4), counter) == unresolved)
    #expect(resolve(evidence(final: [16, 12], ledger, committed: 8, unknown: 4), counter) == unresolved)
    // A host that was lost: what is beyond may be its own.
    var part = evidence(final: [17, 12], ledger, committed: 7, unknown: 4)
    #expect(resolve(part, counter) == UnknownOutcomes(applied: 2, notApplied: 2))
    part.missing = ["so2"]
    #expect(resolve(part, counter) == unresolved)
    // A violation that another checker found.
    let doubtful = evidence(final: [16, 12], ledger, committed: 7, unknown: 4)
    let lost = CheckResult(
      checker: "another", examined: 7,
      violations: [Violation(kind: .lostUpdate, key: 0, expected: "", observed: "", count: 1, evidence: "")])
    #expect(UnknownOutcomes(doubtful, of: counter, checks: [lost]) == unresolved)
    #expect(UnknownOutcomes(doubtful, of: counter, checks: []) == unresolved)
  }

  @Test("amounts that differ do not tell which of them it was")
  func amounts() throws {
    let options = try #require(WorkloadRegistry.descriptors.first { $0.id == "stock" }).options
    func stock(_ amount: Int) throws -> any Workload {
      try workload(
        WorkloadSettings(kind: "stock", keys: 2, options: Options(options, stated: ["amount": .integer(amount)])))
    }
    let ledger = [
      LedgerEntry(acknowledged: -5, acknowledgedCount: 5, unknownLow: -3), LedgerEntry(),
    ]
    let some = evidence(final: [93, 100], ledger, committed: 5, unknown: 3, initial: [100, 100])
    #expect(try resolve(some, stock(1)) == UnknownOutcomes(applied: 2, notApplied: 1))
    #expect(try resolve(some, stock(3)) == UnknownOutcomes(unresolved: 3))
  }

  @Test("where nothing is unknown, there is nothing to tell")
  func none() throws {
    let counter = try workload(WorkloadSettings(kind: "counter", keys: 2))
    let known = [
      LedgerEntry(acknowledged: 5, acknowledgedCount: 5), LedgerEntry(acknowledged: 2, acknowledgedCount: 2),
    ]
    #expect(resolve(evidence(final: [15, 12], known, committed: 7, unknown: 0), counter) == UnknownOutcomes())
  }
}
