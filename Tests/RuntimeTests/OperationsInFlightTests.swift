import Model
import Testing

@testable import Runtime

/// Which operations meet, as somebody sees it who looks from outside.
struct OperationsInFlightTests {
  private static let operations = [
    OperationTemplate(steps: [Step(key: 0, .add, operand: 1)]),
    OperationTemplate(steps: [Step(key: 1, .add, operand: 1), Step(key: 2, .add, operand: -1)]),
    OperationTemplate(steps: [Step(key: 1, .read)]),
    OperationTemplate(steps: [Step(key: 3, .add, operand: 1), Step(key: 3, .add, operand: 1)]),
  ]

  /// Looks at workers of which each is in the operation that is named, or between two of them.
  private func look(_ entries: [Int?]) throws -> Encounters {
    let memory = try TrialMemory(
      TrialLayout(
        records: 4, threads: 1, workers: entries.count, ringLength: 4, stepsPerOperation: 2, comparesValues: false))
    memory.setOperations(Self.operations, ofThread: 0)
    for (index, entry) in entries.enumerated() {
      let slot = memory.worker(index)
      slot[WorkerSlot.announced] = WorkerSlot.announcement(number: 5, entry: Int32(entry ?? 0))
      slot[WorkerSlot.ended] = entry == nil ? 5 : 4
    }
    return memory.lookAtOperations()
  }

  @Test(
    "an operation meets another that has a record in common, unless both only read it",
    arguments: [
      ([], 0, 0), ([nil, nil], 0, 0), ([0, nil], 1, 0), ([0, 0], 2, 2), ([0, 1], 2, 0), ([1, 1, 0], 3, 2),
      ([2, 2], 2, 0), ([1, 2], 2, 2), ([2, 1, 2], 3, 3), ([3], 1, 0), ([3, 3, 0, 0, 0], 5, 5),
    ] as [([Int?], Int64, Int64)])
  func meeting(entries: [Int?], looks: Int64, met: Int64) throws {
    #expect(try look(entries) == Encounters(moments: 1, looks: looks, met: met))
  }

  @Test("commits count in every phase and thread")
  func committed() throws {
    let memory = try TrialMemory(
      TrialLayout(records: 1, threads: 2, workers: 2, ringLength: 1, stepsPerOperation: 1, comparesValues: false))
    for phase in Phase.allCases {
      for thread in 0..<2 { memory.thread(thread).counters(phase)[Counter.committed.rawValue] = Int64(thread + 1) }
    }
    #expect(memory.committed == 9)
  }
}
