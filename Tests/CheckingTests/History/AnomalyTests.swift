import Checking
import Model
import Testing
import Workloads

/// Each anomaly of the literature in its smallest history, by its name and with who read what from whom.
struct AnomalyTests {
  /// Transactions one after the other, as Elle writes them: `a` for append, `r` for read.
  private func lists(_ transactions: [(RecordedOperation.Ending, [Access])]) -> History {
    History(
      operations: transactions.enumerated().map { index, transaction in
        RecordedOperation(
          process: index, .txn, invoke: Int64(10 * index), end: Int64(10 * index + 5), transaction.0, transaction.1)
      })
  }

  private func append(_ key: Int64, _ element: Int64) -> Access { Access(key, .append(element)) }
  private func list(_ key: Int64, _ elements: Int64...) -> Access { Access(key, .list(elements)) }
  private func write(_ key: Int64, _ value: Int64) -> Access { Access(key, .write(value)) }
  private func read(_ key: Int64, _ value: Int64?) -> Access { Access(key, .read(value)) }

  private func kinds(_ checker: any HistoryChecker, _ history: History) -> [Violation.Kind] {
    checker.check(history).result.violations.map(\.kind)
  }

  @Test func dirtyWrites() throws {
    let history = lists([
      (.ok, [append(1, 1), append(2, 1)]), (.ok, [append(1, 2), append(2, 2)]), (.ok, [list(1, 1, 2), list(2, 2, 1)]),
    ])
    let findings = ListAppend(.readUncommitted).check(history).result.violations
    #expect(findings.map(\.kind) == [.g0])
    #expect(
      findings[0].evidence == """
        T1 is process 0 from 0 to 5 ns, T2 is process 1 from 10 to 15 ns: T1 appended 1 in record 1 before T2 appended 2; \
        T2 appended 2 in record 2 before T1 appended 1. So each comes before the next one, and none can be the first.
        """)
  }

  @Test func readsOfWhatFailed() {
    let history = lists([(.fail, [append(1, 1)]), (.ok, [list(1, 1)])])
    #expect(kinds(ListAppend(.readCommitted), history) == [.abortedRead])
    let allowing = ListAppend(.readUncommitted).check(history)
    #expect(allowing.result.verdict == .pass)
    #expect(
      allowing.notes == ["G1a found 1 times, which read-uncommitted allows: \(Violation.Kind.abortedRead.meaning)"])
    #expect(kinds(ReadWriteRegister(), lists([(.fail, [write(1, 1)]), (.ok, [read(1, 1)])])) == [.abortedRead])
  }

  @Test func whatFailedHasNoPlaceInTheOrder() {
    // The dirty read saw an element that was taken back before the next one came.
    let history = lists([
      (.fail, [append(1, 1)]), (.ok, [list(1, 1)]), (.ok, [append(1, 2)]), (.ok, [append(1, 3), list(1, 2, 3)]),
    ])
    #expect(kinds(ListAppend(.readCommitted), history) == [.abortedRead])
    let result = ListAppend(.readUncommitted).check(history).result
    #expect(result.verdict == .pass && result.allowed == [AllowedAnomaly(.abortedRead, count: 1)])
  }

  @Test func aTrialIsJudgedByWhatItsStrategyPromises() throws {
    let workload = try #require(WorkloadRegistry.make(WorkloadSettings(kind: "list-append", keys: 2)))
    let skew = lists([
      (.ok, [list(0), append(1, 1)]), (.ok, [list(1), append(0, 2)]), (.ok, [list(0, 2), list(1, 1)]),
    ])
    var evidence = Evidence(initial: [0, 0], final: [1, 1], ledger: [LedgerEntry(), LedgerEntry()], total: Tally())
    #expect(Transactions().check(evidence, of: workload) == nil)
    evidence.history = skew
    #expect(Transactions().check(evidence, of: workload)?.violations.map(\.kind) == [.g2Item])
    evidence.isolation = .snapshot
    let allowed = try #require(Transactions().check(evidence, of: workload))
    #expect(allowed.verdict == .pass && allowed.allowed == [AllowedAnomaly(.g2Item, count: 1)])
    evidence.history?.dropped = 1
    #expect(Transactions().check(evidence, of: workload)?.verdict == .unknown)
  }

  @Test func readsOfWhatWasReplaced() {
    let history = lists([(.ok, [append(1, 1), append(1, 2)]), (.ok, [list(1, 1)])])
    #expect(kinds(ListAppend(.readCommitted), history) == [.intermediateRead])
    #expect(
      kinds(ReadWriteRegister(.readCommitted), lists([(.ok, [write(1, 1), write(1, 2)]), (.ok, [read(1, 1)])]))
        == [.intermediateRead])
  }

  @Test func circularInformationFlow() throws {
    let history = lists([(.ok, [append(1, 1), list(2, 5)]), (.ok, [append(2, 5), list(1, 1)])])
    let findings = ListAppend(.readCommitted).check(history).result.violations
    #expect(findings.map(\.kind) == [.g1c])
    #expect(findings[0].evidence.contains("T2 read record 1 after T1 appended 1 there"))
    #expect(
      kinds(
        ReadWriteRegister(.readCommitted),
        lists([(.ok, [write(1, 1), read(2, 5)]), (.ok, [write(2, 5), read(1, 1)])]))
        == [.g1c])
  }

  @Test func readSkewAndLostUpdates() {
    let skew = lists([(.ok, [append(1, 1), append(2, 1)]), (.ok, [list(1), list(2, 1)])])
    #expect(kinds(ListAppend(.snapshot), skew) == [.gSingle])
    #expect(kinds(ListAppend(.readCommitted), skew).isEmpty)
    let lost = lists([(.ok, [list(1), append(1, 1)]), (.ok, [list(1), append(1, 2)]), (.ok, [list(1, 1, 2)])])
    #expect(kinds(ListAppend(.snapshot), lost) == [.gSingle])
    let registers = lists([(.ok, [read(1, nil), write(1, 1)]), (.ok, [read(1, nil), write(1, 2)])])
    let findings = ReadWriteRegister(.snapshot).check(registers).result.violations
    #expect(findings.map(\.kind) == [.gSingle])
    #expect(findings[0].evidence.hasSuffix("process 1 from 10 to 15 ns, who wrote 2: a lost update"))
  }

  @Test func writeSkew() {
    let history = lists([
      (.ok, [list(1), append(2, 1)]), (.ok, [list(2), append(1, 1)]), (.ok, [list(1, 1), list(2, 1)]),
    ])
    #expect(kinds(ListAppend(), history) == [.g2Item])
    #expect(kinds(ListAppend(.repeatableRead), history) == [.g2Item])
    #expect(ListAppend(.snapshot).check(history).result.verdict == .pass)
    let registers = lists([(.ok, [read(1, nil), write(2, 1)]), (.ok, [read(2, nil), write(1, 1)])])
    #expect(kinds(ReadWriteRegister(), registers) == [.g2Item])
  }

  /// Also those that nobody read: an acknowledged append has a place after everything that was read.
  @Test func appendsThatNobodyRead() {
    #expect(
      kinds(ListAppend(), lists([(.ok, [list(1), append(2, 1)]), (.ok, [list(2), append(1, 1)])])) == [.g2Item])
    // Without an acknowledgement it need not have happened.
    #expect(kinds(ListAppend(), lists([(.info, [append(2, 1)]), (.ok, [list(2), append(1, 1)])])).isEmpty)
  }

  @Test func readsThatNoListAllows() {
    #expect(kinds(ListAppend(.readUncommitted), lists([(.ok, [list(1, 7)])])) == [.unexplainedValue])
    #expect(
      kinds(ListAppend(.readUncommitted), lists([(.ok, [append(1, 1)]), (.ok, [list(1, 1, 1)])])) == [.duplicateElement]
    )
    #expect(
      kinds(
        ListAppend(.readUncommitted),
        lists([(.ok, [append(1, 1)]), (.ok, [append(1, 2)]), (.ok, [list(1, 1, 2)]), (.ok, [list(1, 2)])]))
        == [.incompatibleOrder])
    #expect(kinds(ListAppend(), lists([(.ok, [append(1, 1), list(1)])])) == [.internalInconsistency])
    #expect(kinds(ReadWriteRegister(), lists([(.ok, [write(1, 1), read(1, nil)])])) == [.internalInconsistency])
    #expect(kinds(ReadWriteRegister(), lists([(.ok, [read(1, 4)])])) == [.unexplainedValue])
  }

  @Test func whatProvesNothingIsUnknown() {
    let twice = lists([(.ok, [append(1, 1)]), (.ok, [append(1, 1)])])
    #expect(ListAppend().check(twice).result.remark == "element 1 is appended twice to record 1: each must be unique")
    #expect(ReadWriteRegister().check(lists([(.ok, [write(1, 1)]), (.ok, [write(1, 1)])])).result.verdict == .unknown)
    var cut = lists([(.ok, [append(1, 1)]), (.ok, [list(1, 1, 9)])])
    cut.dropped = 1
    #expect(
      ListAppend().check(cut).result.remark
        == "nothing wrong was found in the history, but operations are missing in it: 1")
    #expect(ListAppend().check(History()).result.remark == "no operation took effect, so nothing was examined")
  }

  @Test func aLargeSerialHistoryPasses() {
    var random = RandomHistories(seed: 1)
    let history = random.lists(processes: 8, transactions: 3000, keys: 20)
    #expect(ListAppend().check(history).result.verdict == .pass)
    let registers = random.registers(processes: 8, transactions: 3000, keys: 20)
    #expect(ReadWriteRegister().check(registers).result.verdict == .pass)
  }
}
