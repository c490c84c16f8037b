import Model
import Synchronization
import Testing
import TrialSupport

@testable import MemoryStrategies
@testable import Runtime

/// The witness of critical sections.
struct WitnessTests {
  private let memory: TrialMemory
  private let phase = PhaseSignal()

  init() throws {
    memory = try TrialMemory(
      TrialLayout(records: 4, threads: 1, workers: 2, ringLength: 4, stepsPerOperation: 2, comparesValues: false))
    let change = OperationTemplate(steps: [Step(key: 0, .add, operand: 1), Step(key: 2, .add, operand: 1)])
    let other = OperationTemplate(steps: [Step(key: 1, .add, operand: 1), Step(key: 3, .add, operand: 1)])
    let read = OperationTemplate(steps: [Step(key: 2, .read)])
    memory.setOperations([change, other, read, read], ofThread: 0)
  }

  /// An attempt of a worker at one of the operations: 0 changes records 0 and 2, 1 changes 1 and 3, 2 reads 2.
  private func attempt(worker: Int, operation: Int, _ scratch: borrowing Scratch) throws -> Attempt {
    let plan = WorkerPlan(
      hold: 0, think: 0, retry: RetryPolicy(), operations: 1, samplingInterval: 1, observers: [])
    let worker = Worker(
      index: worker, plan: plan, memory: memory, threadIndex: 0, loop: try EventLoop(),
      gate: StartGate(expected: 1) {}, phase: phase, seed: 1, sharesThread: false)
    var attempt = worker.makeAttempt(values: scratch.values)
    attempt.operation = Operation(memory.thread(0).ring.entry(operation), token: attempt.operation.token)
    return attempt
  }

  private var overlaps: Int64 { memory.tally(.warmUp)[.overlaps] }

  @Test("two writers in one critical section are seen, one after the other are not")
  func writers() throws {
    let scratch = Scratch()
    var first = try attempt(worker: 0, operation: 0, scratch)
    var second = try attempt(worker: 1, operation: 0, scratch)
    first.enter()
    first.leave()
    second.enter()
    second.leave()
    #expect(overlaps == 0)
    first.enter()
    second.enter()
    first.leave()
    second.leave()
    #expect(overlaps == 2)
  }

  @Test("writers of different records do not meet")
  func differentRecords() throws {
    let scratch = Scratch()
    var first = try attempt(worker: 0, operation: 0, scratch)
    var second = try attempt(worker: 1, operation: 1, scratch)
    first.enter()
    second.enter()
    first.leave()
    second.leave()
    #expect(overlaps == 0)
  }

  @Test("readers may be together, a writer that enters among them is seen")
  func readers() throws {
    let scratch = Scratch()
    var reader = try attempt(worker: 0, operation: 2, scratch)
    var otherReader = try attempt(worker: 1, operation: 2, scratch)
    var writer = try attempt(worker: 1, operation: 0, scratch)
    reader.enter()
    otherReader.enter()
    reader.leave()
    otherReader.leave()
    #expect(overlaps == 0)
    reader.enter()
    writer.enter()
    reader.leave()
    #expect(overlaps == 1)
    writer.leave()
    #expect(overlaps == 1)
  }

  @Test("a change is late when that of a later holder was acknowledged, by token or by the time of entry")
  func lateEffects() throws {
    let scratch = Scratch()
    let otherScratch = Scratch()
    let early = try attempt(worker: 0, operation: 0, scratch)
    let late = try attempt(worker: 1, operation: 0, otherScratch)
    let elsewhere = try attempt(worker: 1, operation: 1, otherScratch)
    early.noteEffect(since: 100)
    #expect(!late.isOvertaken(since: 200))
    late.noteEffect(since: 200)
    #expect(early.isOvertaken(since: 100) && !late.isOvertaken(since: 200) && !elsewhere.isOvertaken(since: 100))
    // What comes late does not lower what was seen.
    early.noteEffect(since: 100)
    #expect(early.isOvertaken(since: 199))
    // Tokens count instead, of one lock or of several.
    early.granted(0, token: 300)
    #expect(early.isOvertaken(since: 100), "the lock of record 2 has given none")
    early.granted(2, token: 300)
    #expect(early.token(0) == 300 && early.token(1) == 300 && !early.isOvertaken(since: 100))
  }

  @Test("a lock that locks nothing is caught by the witness and by the ledger", arguments: ["counter", "transfer"])
  func brokenLock(workload: String) throws {
    let descriptor = StrategyDescriptor(
      id: "test.broken", summary: "a lock that locks nothing", documentation: .sample, store: "memory",
      scope: .process, threading: .perWorker)
    var trial = Trial(
      inMemory: StrategyEntry(blocking: descriptor, Guarded<NoLock>.self), workload, keys: 2)
    trial.workload.hold = .microseconds(2)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.overlaps] > 0)
    #expect(outcome.kinds.contains(.lostUpdate) || outcome.kinds.contains(.phantomUpdate))
  }

  @Test("where a worker is shows from outside")
  func position() throws {
    let scratch = Scratch()
    let slot = memory.worker(1)
    #expect(memory.position(ofWorker: 1) == WorkerPosition(operation: nil, enteredLast: false))
    slot[WorkerSlot.announced] = WorkerSlot.announcement(number: 3, entry: 0)
    slot[WorkerSlot.ended] = 2
    #expect(memory.position(ofWorker: 1) == WorkerPosition(operation: 3, enteredLast: false))
    var own = try attempt(worker: 1, operation: 0, scratch)
    own.enter()
    #expect(memory.position(ofWorker: 1) == WorkerPosition(operation: 3, enteredLast: true))
    // Somebody else enters one of the two sections.
    memory.records.mark(2).pointee.store(1, ordering: .relaxed)
    #expect(memory.position(ofWorker: 1) == WorkerPosition(operation: 3, enteredLast: false))
    own.enter()
    slot[WorkerSlot.ended] = 3
    #expect(memory.position(ofWorker: 1).operation == nil)
    // A reader leaves no mark.
    memory.records.mark(2).pointee.store(2, ordering: .relaxed)
    slot[WorkerSlot.announced] = WorkerSlot.announcement(number: 4, entry: 2)
    #expect(memory.position(ofWorker: 1) == WorkerPosition(operation: 4, enteredLast: false))
  }
}
