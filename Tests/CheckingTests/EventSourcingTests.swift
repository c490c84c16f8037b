import Checking
import Model
import Testing

/// What became of events: planted faults in what the tables were found to hold.
struct EventSourcingTests {
  /// Three streams with 12 events in all, each projected once.
  private static func sound() -> Remains {
    var remains = Remains()
    remains[EventRemains.events] = [[12]]
    remains[EventRemains.projected] = [[12]]
    for question in [
      EventRemains.gaps, EventRemains.appendedTwice, EventRemains.lost, EventRemains.projectedTwice,
      EventRemains.reordered, EventRemains.diverged,
    ] {
      remains[question] = []
    }
    return remains
  }

  private func conclusion(
    _ checker: any Checker, reads: Int64 = 0, ahead: Int64 = 0, _ change: (inout Remains) -> Void = { _ in }
  ) throws -> CheckResult? {
    let counter = try makeWorkload("counter", keys: 3)
    var evidence = makeEvidence(counter, final: [4, 4, 4], acknowledged: [[1], [1], [1]])
    evidence.remains = Self.sound()
    evidence.total[.committedReads] = reads
    evidence.total[.answersAhead] = ahead
    change(&evidence.remains)
    return checker.check(evidence, of: counter)
  }

  @Test("where every event was appended and projected once, both pass with all events examined")
  func passes() throws {
    for checker in [StreamContiguity(), ProjectionEqualsFold()] as [any Checker] {
      #expect(try conclusion(checker) == CheckResult(checker: checker.name, examined: 12))
    }
  }

  @Test("a strategy without events is not judged by them, nor one that nobody read from by its answers")
  func silence() throws {
    #expect(try conclusion(StreamContiguity()) { $0 = Remains() } == nil)
    #expect(try conclusion(ProjectionEqualsFold()) { $0 = Remains() } == nil)
    #expect(try conclusion(AnswersWithinCheckpoint()) == nil)
  }

  @Test("where everybody only read, there are no events to judge; one that nobody was told of is judged")
  func onlyReads() throws {
    for checker in [StreamContiguity(), ProjectionEqualsFold()] as [any Checker] {
      let nothing = try conclusion(checker, reads: 3) {
        $0[EventRemains.events] = [[0]]
        $0[EventRemains.projected] = [[0]]
      }
      #expect(nothing == nil)
      #expect(try conclusion(checker, reads: 3)?.examined == 12)
    }
  }

  @Test("where nobody appended, nothing is proved")
  func nothingHappened() throws {
    let result = try conclusion(StreamContiguity()) { $0[EventRemains.events] = [[0]] }
    #expect(result?.verdict == .unknown)
  }

  @Test(
    "a version that is missing, one that is there twice, and a stream that begins late are gaps",
    arguments: [([1, 4, 4, 1, 6], 2), ([2, 4, 3, 1, 3], 1), ([0, 2, 2, 2, 3], 1)] as [([Int64], Int64)])
  func gaps(row: [Int64], count: Int64) throws {
    let result = try conclusion(StreamContiguity()) { $0[EventRemains.gaps] = [row] }
    #expect(result?.findings == [Finding(.streamGap, key: Int(row[0]), count: count)])
  }

  @Test("a step that has appended three times is two events too many")
  func appendedTwice() throws {
    let result = try conclusion(StreamContiguity()) { $0[EventRemains.appendedTwice] = [[1, 5, 77, 3]] }
    #expect(result?.findings == [Finding(.duplicatedEvent, key: 1, count: 2)])
    #expect(result?.violations.first?.evidence == "operation 77 of worker 5 appended the same step again")
  }

  @Test("lost, repeated and reordered events and a read model that differs are told apart")
  func projection() throws {
    let result = try conclusion(ProjectionEqualsFold()) {
      $0[EventRemains.projected] = [[11]]
      $0[EventRemains.lost] = [[0, 2, 31]]
      $0[EventRemains.projectedTwice] = [[1, 1, 40]]
      $0[EventRemains.reordered] = [[2, 3, 41]]
      $0[EventRemains.diverged] = [[0, 4, 2], [1, 4, 5]]
    }
    #expect(
      result?.findings == [
        Finding(.lostEvent, key: 0, count: 2), Finding(.duplicatedEvent, key: 1, count: 1),
        Finding(.reorderedEvent, key: 2, count: 3), Finding(.divergedProjection, key: 0, count: 1),
        Finding(.divergedProjection, key: 1, count: 1),
      ])
    #expect(result?.remark == nil)
  }

  @Test("counts that contradict each other prove nothing")
  func contradiction() throws {
    let result = try conclusion(ProjectionEqualsFold()) { $0[EventRemains.projected] = [[11]] }
    #expect(result?.verdict == .unknown && result?.remark?.contains("12 events, 11 projections") == true)
  }

  @Test("an answer that is newer than the checkpoint is found, even if its operation did not commit")
  func answers() throws {
    #expect(try conclusion(AnswersWithinCheckpoint(), reads: 50)?.verdict == .pass)
    let result = try conclusion(AnswersWithinCheckpoint(), reads: 50, ahead: 3)
    #expect(result?.findings == [Finding(.answerAhead, key: nil, count: 3)])
    #expect(try conclusion(AnswersWithinCheckpoint(), ahead: 1)?.verdict == .violation)
  }
}
