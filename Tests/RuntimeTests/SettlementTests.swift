import Model
import Testing

@testable import Runtime

/// Workers that die while they count: whatever they had written, every operation has one outcome.
struct SettlementTests {
  private static let layout = TrialLayout(
    records: 1, threads: 1, workers: 2, ringLength: 2, stepsPerOperation: 1, comparesValues: false)

  private func memory() throws -> TrialMemory {
    let memory = try TrialMemory(Self.layout)
    memory.setInitialValues([0])
    let add = OperationTemplate(steps: [Step(key: 0, .add, operand: 1)])
    memory.setOperations([add, add], ofThread: 0)
    // Worker 0 has ended its fifth operation, worker 1 dies in its fourth.
    set(memory.worker(0), announced: 5, ended: 5)
    set(memory.worker(1), announced: 4, ended: 3)
    let counters = memory.thread(0).counters(.measured)
    for counter in [Counter.started, .committed] { counters[counter.rawValue] = 8 }
    memory.worker(0)[WorkerSlot.committed] = 5
    memory.worker(1)[WorkerSlot.committed] = 3
    memory.thread(0).ledger[0] = 8
    memory.thread(0).ledger[1] = 8
    return memory
  }

  private func set(_ slot: UnsafeMutablePointer<Int64>, announced: Int, ended: Int64) {
    slot[WorkerSlot.announced] = WorkerSlot.announcement(number: announced, entry: 1)
    slot[WorkerSlot.ended] = ended
  }

  /// What finishing an operation writes, in any order: the compiler may choose one.
  private static let writes: [@Sendable (TrialMemory) -> Void] = [
    { $0.thread(0).counters(.measured)[Counter.started.rawValue] += 1 },
    { $0.thread(0).counters(.measured)[Counter.committed.rawValue] += 1 },
    { $0.thread(0).counters(.measured)[Counter.attempts.rawValue] += 2 },
    { $0.thread(0).counters(.measured)[Counter.conflict.rawValue] += 2 },
    { $0.thread(0).ledger[0] += 1 },
    { $0.worker(1)[WorkerSlot.committed] += 1 },
  ]

  @Test("an operation that was counted in part has one outcome", arguments: 0..<64, Phase.allCases)
  func countedInPart(subset: Int, phase: Phase) throws {
    let memory = try memory()
    for (bit, write) in Self.writes.enumerated() where subset >> bit & 1 == 1 { write(memory) }
    memory.settleOpenOperations(of: 1..<2, in: phase)
    let evidence = memory.collect()
    #expect(evidence.total[.started] == 9 && evidence.startedOperations == 9)
    #expect(evidence.total.openOperations == 0 && evidence.total.openAttempts == 0)
    #expect(Phase.allCases.allSatisfy { evidence.tallies[$0]?.openOperations == 0 })
    let wasCommitted = subset >> 1 & 1 == 1
    #expect(evidence.total[.committed] == (wasCommitted ? 9 : 8))
    #expect(evidence.total[.unknown] == (wasCommitted ? 0 : 1))
    #expect(evidence.fairness.committed.reduce(0, +) == evidence.tallies[.measured]?[.committed])
    // Whether or not it is in the store: the store lies within what was acknowledged and what is unknown.
    let entry = evidence.ledger[0]
    #expect(entry.acknowledged <= 8 + Int64(subset >> 4 & 1) && entry.acknowledged + entry.unknownHigh >= 9)
  }

  @Test("what is settled once is settled, and others stay as they are")
  func once() throws {
    let memory = try memory()
    memory.settleOpenOperations(of: 0..<1, in: .measured)
    #expect(memory.collect().total[.unknown] == 0)
    memory.settleOpenOperations(of: 0..<2, in: .measured)
    let settled = memory.collect()
    #expect(settled.tallies[.measured]?[.unknown] == 1 && settled.fairness.longestWaitNanoseconds == 0)
    memory.settleOpenOperations(windowEnd: 1000)
    #expect(memory.collect() == settled)
  }

  @Test("a worker that takes the place of another goes on where that one was, with tokens of its own")
  func replacement() throws {
    let memory = try memory()
    memory.settleOpenOperations(of: 1..<2, in: .measured)
    let plan = WorkerPlan(
      hold: 0, think: 0, retry: RetryPolicy(), operations: 10, samplingInterval: 1, observers: [])
    func worker(_ index: Int, _ memory: TrialMemory) throws -> Worker {
      Worker(
        index: index, plan: plan, memory: memory, threadIndex: 0, loop: try EventLoop(),
        gate: StartGate(expected: 1) {}, phase: PhaseSignal(), seed: 1, sharesThread: true)
    }
    let first = try worker(1, TrialMemory(Self.layout))
    let second = try worker(1, memory)
    #expect(first.operationsBefore == 0 && first.seed == 1)
    #expect(second.operationsBefore == 4 && second.ringStart == 1 && second.seed != first.seed)
    #expect(Cursor(after: second.operationsBefore).started == 4)
  }
}
