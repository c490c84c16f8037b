import Checking
import Model
import Runtime
import Testing

@testable import Engine

/// A history of which only the beginning is judged.
struct HistoryBeginningTests {
  private func transaction(
    _ process: Int, _ invoke: Int64, _ end: Int64, _ accesses: [Access], _ ending: RecordedOperation.Ending = .ok
  ) -> RecordedTrial.Moment {
    .ended(RecordedOperation(process: process, .txn, invoke: invoke, end: end, ending, accesses), at: end)
  }

  @Test("what had not ended by then may have taken effect, and what began later cannot have been seen")
  func cut() {
    var beginning = HistoryBeginning(HistoryHeader(), most: 2)
    beginning.add(transaction(0, 0, 10, [Access(0, .append(1))]))
    // Saw what the next one appended, whose answer came later.
    beginning.add(transaction(1, 5, 20, [Access(0, .list([1, 2]))]))
    beginning.add(transaction(2, 6, 30, [Access(0, .append(2)), Access(1, .list([9]))]))
    beginning.add(transaction(3, 7, 31, [Access(0, .append(3))], .fail))
    beginning.add(transaction(0, 25, 40, [Access(1, .append(9))]))
    let history = beginning.history(missing: 0)
    #expect(history.operations.map(\.ending) == [.ok, .ok, .info, .fail])
    #expect(history.operations.map(\.end) == [10, 20, nil, 31])
    let result = ListAppend().check(history).result
    #expect(result.verdict == .pass && result.examined == 2, "\(result)")
  }

  @Test("whatever is missing in a recording leaves a pass open")
  func missing() {
    var beginning = HistoryBeginning(HistoryHeader(), most: 10)
    beginning.add(transaction(0, 0, 10, [Access(0, .append(1))]))
    #expect(ListAppend().check(beginning.history(missing: 3)).result.verdict == .unknown)
  }
}
