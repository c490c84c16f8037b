import Checking
import Model
import Testing

/// Nothing is left between services, and nothing was given up.
struct HandledMessagesTests {
  private func conclude(_ rows: [[Int64]]?) throws -> CheckResult? {
    let transfer = try makeWorkload("transfer", keys: 2)
    var evidence = makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3]])
    evidence.remains[HandledMessages.question] = rows
    return HandledMessages().check(evidence, of: transfer)
  }

  @Test("nothing is left")
  func passes() throws {
    #expect(try conclude([[0, 0, 0, 0], [1, 0, 0, 0]]) == CheckResult(checker: "messages", examined: 2))
    #expect(try conclude(nil) == nil)
  }

  @Test("a message in an outbox, one that waits, a dead letter", arguments: 1...3)
  func left(column: Int) throws {
    var row: [Int64] = [1, 0, 0, 0]
    row[column] = 5
    let violations = try #require(try conclude([[0, 0, 0, 0], row])).violations
    #expect(violations.map(\.kind) == [.undeliveredMessage])
    #expect(violations.map(\.count) == [5])
    #expect(violations[0].observed == "5 at service 2")
  }
}
