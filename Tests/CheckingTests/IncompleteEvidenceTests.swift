import Checking
import Model
import Testing
import Workloads

/// What is missing makes a conclusion unknown, never a pass; what is there still counts.
struct IncompleteEvidenceTests {
  /// What is checked of a user's scripts is hers; see ``InvariantsTests``.
  private static let kinds = WorkloadRegistry.descriptors.map(\.id).filter { $0 != "script" }

  @Test("without a committed operation nothing passes", arguments: kinds)
  func nothingCommitted(kind: String) throws {
    let workload = try makeWorkload(kind, keys: 2)
    let none: [[Int64]] = Array(repeating: [], count: workload.recordCount)
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let results = check(workload, makeEvidence(workload, final: initial, acknowledged: none))
    #expect(!results.isEmpty)
    #expect(results.allSatisfy { $0.verdict == .unknown && $0.remark != nil })
  }

  @Test("a changed value without any committed operation is a violation all the same")
  func changedByNobody() throws {
    let counter = try makeWorkload("counter")
    let results = check(counter, makeEvidence(counter, final: [1], acknowledged: [[]]))
    #expect(results.findings == [Finding(.phantomUpdate, key: 0, count: 1)])
  }

  @Test("without the final state no checker of states passes", arguments: kinds)
  func finalStateMissing(kind: String) throws {
    let workload = try makeWorkload(kind, keys: 2)
    let change = workload.changes.upperBound
    let acknowledged = Array(repeating: [change], count: workload.recordCount)
    let results = check(workload, makeEvidence(workload, final: nil, acknowledged: acknowledged))
    #expect(results.verdict == .unknown)
    #expect(try results.named("ledger").remark == "the final state could not be read")
  }

  @Test("evidence of fewer records than there are is unknown, and what it covers is still checked")
  func recordsMissing() throws {
    let counter = try makeWorkload("counter", keys: 3)
    let good = check(counter, makeEvidence(counter, final: [1, 1], acknowledged: [[1], [1], [1]]))
    #expect(good.verdict == .unknown)
    #expect(good.first?.remark == "the evidence covers 2 of 3 records")
    let bad = check(counter, makeEvidence(counter, final: [1, 0], acknowledged: [[1], [1], [1]]))
    #expect(bad.findings == [Finding(.lostUpdate, key: 1, count: 1)])
    let transfer = try makeWorkload("transfer", keys: 3)
    let part = makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3], []])
    #expect(try check(transfer, part).named("conservation").verdict == .unknown)
  }

  @Test("conclusions follow the order of the workload's invariants")
  func order() throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    let results = check(transfer, makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3]]))
    #expect(results.map(\.checker) == ["conservation", "minimum", "ledger"])
  }
}
