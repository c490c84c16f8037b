import Model
import Testing

/// Counts that must add up.
struct TallyTests {
  @Test("each outcome and each failure class has its own counter")
  func countersAreDistinct() {
    let counters = Outcome.allCases.map(Counter.of) + AttemptFailure.allCases.map(Counter.of)
    #expect(Set(counters).count == Outcome.allCases.count + AttemptFailure.allCases.count)
    // The loop finds a counter by adding the raw value to that of the first of the group.
    #expect(Outcome.allCases.allSatisfy { Counter.of($0).rawValue == Counter.committed.rawValue + Int($0.rawValue) })
    #expect(
      AttemptFailure.allCases.allSatisfy { Counter.of($0).rawValue == Counter.conflict.rawValue + Int($0.rawValue) })
  }

  @Test("sums cover every class once, and open work is what is missing")
  func sums() {
    var tally = Tally()
    for (index, outcome) in Outcome.allCases.enumerated() { tally[.of(outcome)] = Int64(1) << index }
    for (index, failure) in AttemptFailure.allCases.enumerated() { tally[.of(failure)] = Int64(1) << index }
    #expect(tally.outcomes == 31)
    #expect(tally.failedAttempts == 255)
    tally[.started] = 33
    tally[.attempts] = 1 + 2 + 255 + 4
    #expect(tally.openOperations == 2)
    #expect(tally.openAttempts == 4)
  }

  @Test("adding adds every counter")
  func addition() {
    var left = Tally()
    var right = Tally()
    for counter in Counter.allCases {
      left[counter] = Int64(counter.rawValue)
      right[counter] = 100
    }
    left += right
    #expect(Counter.allCases.allSatisfy { left[$0] == Int64($0.rawValue) + 100 })
  }

  @Test("every counter has a position, a column and a meaning of its own")
  func entries() {
    #expect(Counter.allCases.map(\.rawValue) == Array(0..<Counter.entries.count))
    #expect(Set(Counter.entries.map(\.column)).count == Counter.entries.count)
    #expect(Counter.entries.allSatisfy { $0.meaning.hasSuffix(".") && $0.meaning.count > 10 })
    #expect(Counter.entries.count <= Counter.room)
  }

  @Test("sums wrap instead of trapping")
  func wrapping() {
    var sum = Tally()
    sum[.started] = .max
    sum += sum
    #expect(sum[.started] == -2)
  }
}
