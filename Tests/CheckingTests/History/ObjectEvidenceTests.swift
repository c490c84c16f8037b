import Checking
import Model
import Testing

/// What checkers of single records and locks say of a violation, and when they cannot tell.
struct ObjectEvidenceTests {
  private func operation(
    _ process: Int, _ invoke: Int64, _ end: Int64?, _ action: Access.Action, _ ending: RecordedOperation.Ending = .ok,
    holds: [Hold] = []
  ) -> RecordedOperation {
    RecordedOperation(process: process, .txn, invoke: invoke, end: end, ending, [Access(0, action)], holds: holds)
  }

  private func findings(_ checker: any HistoryChecker, _ operations: [RecordedOperation]) -> [Violation] {
    checker.check(History(header: HistoryHeader(initial: [0]), operations: operations)).result.violations
  }

  @Test func aLostUpdateOfACounter() {
    let found = findings(
      CounterHistory(), [operation(1, 0, 5, .add(1, result: 1)), operation(2, 1, 6, .add(1, result: 1))])
    #expect(found.map(\.kind) == [.duplicateValue])
    #expect(
      found[0].evidence
        == "process 1 from 0 to 5 ns added 1 and got 1, and so did process 2 from 1 to 6 ns: one addition overwrote the other"
    )
  }

  @Test func countersThatReturnNothing() {
    let additions = [operation(1, 0, 5, .add(1, result: nil)), operation(2, 1, 6, .add(1, result: nil))]
    #expect(findings(CounterHistory(), additions + [operation(3, 2, 9, .read(0))]).isEmpty)
    #expect(findings(CounterHistory(), additions + [operation(3, 7, 9, .read(1))]).map(\.kind) == [.lostUpdate])
    #expect(findings(CounterHistory(), additions + [operation(3, 7, 9, .read(2))]).isEmpty)
    #expect(findings(CounterHistory(), additions + [operation(3, 7, 9, .read(3))]).map(\.kind) == [.unexplainedValue])
    #expect(
      findings(CounterHistory(), [operation(1, 0, 5, .add(2, result: 3))]).map(\.kind) == [.unexplainedValue])
  }

  @Test func overlappingHolds() {
    let first = operation(1, 0, 90, .add(1, result: 1), holds: [Hold(key: 7, granted: 10, released: 50)])
    let second = operation(2, 0, 90, .add(1, result: 2), holds: [Hold(key: 7, granted: 40, released: 60)])
    let found = findings(ExclusiveLock(), [second, first])
    #expect(found.map(\.kind) == [.overlappingHolds])
    #expect(found[0].key == 7)
    #expect(
      found[0].evidence == """
        process 2 was granted the lock at 40 ns, while process 1, which was granted it at 10 ns, gave it back only at 50 ns
        """)
    // A worker that was killed held it at the moment of its grant; when its session ended nobody knows.
    var killed = first
    killed.holds[0].released = nil
    #expect(findings(ExclusiveLock(), [second, killed]).isEmpty)
    killed.holds[0].granted = 45
    #expect(findings(ExclusiveLock(), [second, killed]).count == 1)
    // Two locks are two.
    var other = second
    other.holds[0].key = 8
    #expect(findings(ExclusiveLock(), [first, other]).isEmpty)
  }

  @Test func releasesOfWhatWasNotHeld() {
    #expect(findings(ExclusiveLock(), [operation(1, 5, 6, .release)]).map(\.kind) == [.strayRelease])
    // Whoever was not answered may have been granted the lock, and goes on under another number.
    #expect(
      findings(ExclusiveLock(), [operation(2, 0, nil, .acquire, .info), operation(1, 5, 6, .release)]).isEmpty)
    #expect(findings(ExclusiveLock(), [operation(1, 5, 6, .release, .fail)]).isEmpty)
  }

  @Test func whatIsMissingMayExplainTheRest() {
    func verdict(_ checker: any HistoryChecker, _ operations: [RecordedOperation]) -> Verdict {
      checker.check(History(header: HistoryHeader(initial: [0]), operations: operations, dropped: nil)).result.verdict
    }
    #expect(verdict(ExclusiveLock(), [operation(1, 5, 6, .release)]) == .unknown)
    #expect(verdict(ExclusiveLock(), [operation(1, 0, 1, .acquire), operation(2, 5, 6, .acquire)]) == .unknown)
    #expect(verdict(CounterHistory(), [operation(1, 0, 5, .add(2, result: 3))]) == .unknown)
    #expect(verdict(CounterHistory(), [operation(1, 0, 5, .add(1, result: 3))]) == .unknown)
    #expect(verdict(UniqueValueRegister(), [operation(1, 0, 5, .read(3))]) == .unknown)
    #expect(verdict(Linearizability(), [operation(1, 0, 5, .read(3))]) == .unknown)
    // This no missing operation explains.
    let twice = [operation(1, 0, 5, .add(1, result: 3)), operation(2, 0, 5, .add(1, result: 3))]
    #expect(verdict(CounterHistory(), twice) == .violation)
  }

  @Test func aVersionThatIsReadAndReplacedInOneOperation() {
    func change(_ process: Int, _ invoke: Int64, _ seen: Int64, _ made: Int64) -> RecordedOperation {
      RecordedOperation(
        process: process, .txn, invoke: invoke, end: invoke + 5, .ok,
        [Access(0, .read(seen), version: seen), Access(0, .write(made), version: made)])
    }
    #expect(findings(VersionedRegister(), [change(1, 0, 1, 2), change(2, 10, 2, 3)]).isEmpty)
    #expect(findings(VersionedRegister(), [change(1, 0, 1, 2), change(2, 10, 1, 3)]).map(\.kind) == [.lostUpdate])
  }

  @Test func valuesThatComeBack() {
    let found = findings(
      UniqueValueRegister(),
      [
        operation(1, 0, 5, .write(1)), operation(1, 10, 15, .write(2)), operation(2, 20, 25, .read(2)),
        operation(2, 30, 35, .read(1)),
      ])
    #expect(found.map(\.kind) == [.staleRead])
    #expect(
      found[0].evidence == """
        process 1 from 0 to 5 ns wrote 1 and had ended when process 2 from 20 to 25 ns read 2; process 1 from 10 to 15 ns \
        wrote 2 and had ended when process 2 from 30 to 35 ns read 1: a value that is written once cannot come back
        """)
    #expect(
      findings(UniqueValueRegister(), [operation(1, 0, 5, .write(1), .fail), operation(2, 6, 7, .read(1))]).map(\.kind)
        == [.abortedRead])
  }

  @Test func whatTheSearchSays() {
    let found = findings(
      Linearizability(),
      [operation(1, 0, 5, .write(1)), operation(2, 6, 8, .cas(expected: 1, new: 2)), operation(3, 9, 12, .read(1))])
    #expect(found.map(\.kind) == [.notLinearizable])
    #expect(
      found[0].evidence == """
        process 3 from 9 to 12 ns read 1, which fits nowhere: the record is 2 after the 2 operations that can be put in \
        order before it. The longest order that fits ends with: process 1 from 0 to 5 ns wrote 1; process 2 from 6 to 8 ns \
        replaced 1 by 2.
        """)
  }

  @Test func aSearchEndsWithItsBudget() {
    // Writes that all overlap, and a read of what nobody wrote: only all orders show that there is none.
    let writes = (0..<30).map { operation($0, 0, 1000, .write(Int64($0 % 7))) }
    let history = History(operations: writes + [operation(99, 0, 1000, .cas(expected: 8, new: 9))])
    let result = Linearizability(budget: 10_000).check(history).result
    #expect(result.verdict == .unknown)
    #expect(result.remark?.contains("10000 steps") == true)
    #expect(result.remark?.contains("--budget") == true)
  }

  @Test func checkersFollowFromTheHistory() {
    func names(_ actions: [Access.Action], holds: [Hold] = []) -> [String] {
      let operations = actions.enumerated().map {
        operation($0.offset, Int64($0.offset * 10), Int64($0.offset * 10 + 5), $0.element, holds: holds)
      }
      return HistoryJudge().checkers(for: History(operations: operations)).map(\.name)
    }
    #expect(names([.add(1, result: 1), .read(1)]) == ["counter"])
    #expect(names([.add(1, result: 1), .add(-1, result: 0)]) == ["linearizable"])
    #expect(names([.write(1), .read(1)]) == ["unique-register"])
    #expect(names([.write(1), .write(1)]) == ["linearizable"])
    #expect(names([.cas(expected: 1, new: 2)]) == ["linearizable"])
    #expect(names([.append(1), .list([1])]) == ["list-append"])
    #expect(names([.acquire, .release]) == ["exclusive-lock"])
    #expect(
      names([.add(1, result: 1)], holds: [Hold(key: 0, granted: 1, released: 2)]) == ["exclusive-lock", "counter"])
    #expect(names([]) == [])
  }
}
