import Checking
import Model

@testable import Runtime

/// Operations of many workers, drawn once: counted in one shared memory, or in one for each of several hosts.
struct EvidenceSimulation {
  static let layout = TrialLayout(
    records: 5, threads: 16, workers: 24, ringLength: 4, stepsPerOperation: 2, comparesValues: true)
  private static let operations = [
    OperationTemplate(steps: [Step(key: 0, .add, operand: 1)]),
    OperationTemplate(steps: [Step(key: 4, .add, operand: 1)]),
    OperationTemplate(steps: [Step(key: 2, .add, operand: 7), Step(key: 3, .add, operand: -7)]),
    OperationTemplate(steps: [Step(key: 1, .read), Step(key: 2, .read)]),
  ]

  /// One operation and everything that it came to.
  struct Event {
    let worker: Int
    let entry: Int
    let phase: Phase
    let ending: Ending
    let failure: AttemptFailure
    let values: [Int64]
    let times: [UInt64]
    let error: String?
    let moment: Int64
  }

  let events: [Event]

  init(seed: UInt64, count: Int = 600) {
    var random = RandomSource(seed: seed)
    events = (0..<count).map { _ in
      let attempts = 1 + Int(random.below(4))
      return Event(
        worker: Int(random.below(24)), entry: Int(random.below(4)),
        phase: Phase.allCases[Int(random.below(3))],
        ending: Ending(
          outcome: random.below(3) == 0 ? Outcome.allCases[Int(random.below(5))] : .committed, attempts: attempts,
          backoff: attempts > 1 ? Int64(random.below(1000)) : 0),
        failure: AttemptFailure.allCases[Int(random.below(8))],
        // Few values, so that many are returned twice, and some that lie far from the others.
        values: (0..<2).map { _ in Int64(random.below(random.below(9) == 0 ? 1 << 23 : 60)) },
        times: RecorderKind.allCases.map { _ in random.next() >> (1 + random.below(63)) },
        error: random.below(40) == 0 ? "error \(random.below(1000)) of a server, naïve" : nil,
        moment: 1 + Int64(random.below(1 << 40)))
    }
  }

  static func thread(of worker: Int) -> Int { worker * layout.threads / layout.workers }

  /// Counts the operations of some workers in a memory of their own, as workers do.
  func memory(_ workers: Range<Int>) throws -> TrialMemory {
    let memory = try TrialMemory(Self.layout)
    memory.setInitialValues([0, 0, 0, 0, 0])
    for thread in 0..<Self.layout.threads { memory.setOperations(Self.operations, ofThread: thread) }
    let members = try workers.map { try Member($0, memory) }
    for event in events where workers.contains(event.worker) { members[event.worker - workers.lowerBound].count(event) }
    memory.settleOpenOperations(windowEnd: 1 << 41)
    return memory
  }

  func evidence(_ workers: Range<Int>) throws -> CollectedEvidence {
    // The store lies on the host that has worker 0.
    try memory(workers).collect(workers: workers, windowOpened: 1 << 20, withStore: workers.contains(0))
  }

  var whole: CollectedEvidence { get throws { try evidence(0..<Self.layout.workers) } }

  /// A worker whose operations are counted without being run.
  private final class Member {
    private let scratch = Scratch()
    private let worker: Worker
    private var number = 0

    init(_ index: Int, _ memory: TrialMemory) throws {
      let checkers: [any Checker] = [ConsistentReads(), UniqueReturns(), CoveredPairs()]
      let plan = WorkerPlan(
        hold: 0, think: 0, retry: RetryPolicy(), operations: 1, samplingInterval: 1,
        observers: checkers.compactMap(\.observer))
      worker = Worker(
        index: index, plan: plan, memory: memory, threadIndex: EvidenceSimulation.thread(of: index),
        loop: try EventLoop(), gate: StartGate(expected: 1) {}, phase: PhaseSignal(), seed: 1, sharesThread: true)
    }

    func count(_ event: Event) {
      var attempt = worker.makeAttempt(values: scratch.values)
      attempt.operation = Operation(worker.thread.ring.entry(event.entry), token: attempt.operation.token)
      let books = Bookkeeping(worker, scratch)
      number += 1
      books.begin(&attempt, number: number, entry: Int32(event.entry))
      let slot = worker.memory.worker(worker.index)
      slot[WorkerSlot.operationStart] = event.moment
      for (index, value) in event.values.enumerated() { scratch.values[index] = value }
      let succeeds = event.ending.outcome == .committed || event.ending.outcome == .refused
      for _ in 0..<(event.ending.attempts - (succeeds ? 1 : 0)) { books.count(event.failure) }
      if let error = event.error { worker.thread.note(error: error) }
      // One in thirty dies before its outcome is counted.
      if event.moment % 30 == 0 { return }
      for kind in RecorderKind.allCases {
        worker.thread.recorder(kind).record(Int64(event.times[kind.rawValue]))
      }
      // Two years at the most: nobody waits longer.
      slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], Int64(event.times[0] >> 7))
      if event.phase == .measured { slot[WorkerSlot.lastCommit] = event.moment }
      books.finish(&attempt, number: number, event.ending, books.counters(Int64(event.phase.rawValue)))
    }
  }
}
