import Checking
import Model
import Testing

/// Every saga has ended, wholly or not at all, and nothing was done twice.
struct SagaEndingsTests {
  private func conclude(instances: [[Int64]]?, steps: [[Int64]]?) throws -> CheckResult? {
    let transfer = try makeWorkload("transfer", keys: 2)
    var evidence = makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3]])
    evidence.remains[SagaEndings.instances] = instances
    evidence.remains[SagaEndings.steps] = steps
    return SagaEndings().check(evidence, of: transfer)
  }

  /// Saga 7 of two steps, in the given state: each step as how often it was done and undone; nil for no row.
  private func kinds(_ state: Int64?, _ steps: [[Int64]?]) throws -> [Violation.Kind] {
    let rows = steps.indices.compactMap { index in steps[index].map { [7, Int64(index)] + $0 } }
    let result = try conclude(instances: state.map { [[7, $0, Int64(steps.count)]] } ?? [], steps: rows)
    return try #require(result).violations.map(\.kind)
  }

  @Test("a saga that took effect, one that was undone, one that never began, one that nobody has to lead")
  func passes() throws {
    #expect(try kinds(2, [[1, 0], [1, 0]]).isEmpty)
    #expect(try kinds(3, [[1, 1], nil]).isEmpty)
    // A tombstone: undone before it came.
    #expect(try kinds(3, [[1, 1], [0, 1]]).isEmpty)
    #expect(try kinds(3, [nil, nil]).isEmpty)
    #expect(try kinds(nil, [[1, 0]]).isEmpty)
    #expect(try kinds(nil, [[1, 1]]).isEmpty)
  }

  @Test("a saga that nobody has ended", arguments: [0, 1, 4, 9] as [Int64])
  func unfinished(state: Int64) throws {
    #expect(try kinds(state, [[1, 0], nil]) == [.unfinishedSaga])
  }

  @Test("a step that nobody leads")
  func notLed() throws {
    #expect(try kinds(nil, [[1, 0], [1, 0]]) == [.unfinishedSaga])
  }

  @Test("a saga that says it is done or undone, and is not")
  func half() throws {
    #expect(try kinds(2, [[1, 0], nil]) == [.halfCompensated])
    #expect(try kinds(2, [[1, 0], [1, 1]]) == [.halfCompensated])
    #expect(try kinds(3, [[1, 0], nil]) == [.halfCompensated])
    #expect(try kinds(3, [[1, 0], [1, 1]]) == [.halfCompensated])
  }

  @Test("a step that was done or undone twice")
  func twice() throws {
    #expect(try kinds(3, [[1, 2], nil]) == [.duplicateEffect])
    #expect(try kinds(2, [[2, 0], [1, 0]]) == [.duplicateEffect])
  }

  @Test("without what the stores hold there is no conclusion, and without sagas it is unknown")
  func nothingToSee() throws {
    #expect(try conclude(instances: nil, steps: nil) == nil)
    #expect(try conclude(instances: [], steps: nil) == nil)
    #expect(try conclude(instances: [], steps: [])?.verdict == .unknown)
    let result = try conclude(
      instances: [[1, 2, 2], [2, 3, 2]], steps: [[1, 0, 1, 0], [1, 1, 1, 0], [3, 0, 1, 0]])
    #expect(result == CheckResult(checker: "sagas", examined: 3))
  }
}
