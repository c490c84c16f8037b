import Model
import Synchronization
import Testing

@testable import Engine
@testable import Runtime

/// Who is inside a critical section, seen from outside.
struct HolderWatchTests {
  private let memory: TrialMemory
  private var watch = HolderWatch()

  init() throws {
    memory = try TrialMemory(
      TrialLayout(records: 2, threads: 1, workers: 2, ringLength: 2, stepsPerOperation: 1, comparesValues: false))
    let operations = (0..<2).map { OperationTemplate(steps: [Step(key: $0, .add, operand: 1)]) }
    memory.setOperations(operations, ofThread: 0)
  }

  private func begin(_ worker: Int, _ number: Int, key: Int32) {
    memory.worker(worker)[WorkerSlot.announced] = WorkerSlot.announcement(number: number, entry: key)
  }

  private func enter(_ worker: Int, key: Int32) {
    memory.records.mark(key).pointee.store(Int64(worker) + 1, ordering: .relaxed)
  }

  private mutating func holder(where isWanted: (Int) -> Bool = { _ in true }) -> Int? {
    watch.holder(memory, where: isWanted)?.worker
  }

  @Test("a worker that was seen to enter is inside until its operation has ended")
  mutating func entering() {
    #expect(holder() == nil)
    begin(1, 1, key: 0)
    #expect(holder() == nil)
    enter(1, key: 0)
    #expect(holder() == 1)
    #expect(holder(where: { $0 == 0 }) == nil)
    memory.worker(1)[WorkerSlot.ended] = 1
    #expect(holder() == nil)
  }

  @Test("the mark of an earlier operation says nothing about this one")
  mutating func earlierMark() {
    begin(1, 1, key: 0)
    enter(1, key: 0)
    // Nobody looked before it entered.
    #expect(holder() == nil)
    memory.worker(1)[WorkerSlot.ended] = 1
    begin(1, 2, key: 0)
    #expect(holder() == nil)
    #expect(holder() == nil)
    // Another one enters, and then it again, in the same operation.
    begin(0, 1, key: 0)
    #expect(holder() == nil)
    enter(0, key: 0)
    #expect(holder() == 0)
    enter(1, key: 0)
    #expect(holder() == 1)
  }

  @Test("who entered last and wakes for the next tick is not inside")
  mutating func idle() {
    begin(1, 1, key: 0)
    enter(1, key: 0)
    memory.worker(1)[WorkerSlot.ended] = 1
    for _ in 0..<100 { #expect(holder() == nil) }
    begin(1, 2, key: 0)
    begin(0, 1, key: 0)
    for _ in 0..<30 { #expect(holder() == nil) }
    enter(0, key: 0)
    #expect(holder() == 0)
  }

  @Test("where the mark says nothing, who stays in one operation is taken for inside")
  mutating func secondBest() {
    begin(1, 1, key: 0)
    enter(1, key: 0)
    memory.worker(1)[WorkerSlot.ended] = 1
    begin(1, 2, key: 0)
    #expect((0..<100).contains { _ in holder() == 1 })
  }
}
