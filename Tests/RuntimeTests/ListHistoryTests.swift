import Foundation
import Model
import Testing

@testable import Runtime

/// What transactions over lists leave behind.
struct ListHistoryTests {
  private static let settings = ListSettings(keys: 2, longest: 3, isolation: nil)
  private let memory: TrialMemory

  /// One thread with one worker, whose operations read list 0 and append to list 1.
  init() throws {
    memory = try TrialMemory(
      TrialLayout(
        records: 2, threads: 1, workers: 1, ringLength: 1, stepsPerOperation: 2, comparesValues: false,
        historyCapacity: 64))
    memory.setOperations(
      [OperationTemplate(steps: [Step(key: 0, .read), Step(key: 1, .add, operand: 1)])], ofThread: 0)
    memory.setInitialValues([0, 0])
  }

  private func append(_ kind: HistoryRecord.Kind, detail: Int = 0, _ value: Int64 = 0, at moment: Int64) throws {
    let ring = try #require(memory.historyRing(ofThread: 0))
    let journal = Journal(ring, worker: 0, slot: memory.worker(0))
    defer { journal.deallocate() }
    journal.append(kind, detail: detail, value, at: moment)
  }

  private func announce(_ number: Int) {
    memory.worker(0)[WorkerSlot.announced] = WorkerSlot.announcement(number: number, entry: 0)
  }

  /// An attempt that reads `seen` from list 0 and appends an element to list 3.
  private func attempt(_ element: Int64, seen: [Int64], at moment: Int64) throws {
    try append(.list, detail: 0, 0, at: moment)
    try append(.list, detail: 1, 3, at: moment)
    try append(.element, detail: 1, element, at: moment)
    try append(.sent, at: moment)
    for value in seen { try append(.element, detail: 0, value, at: moment + 1) }
  }

  private func replay(end: Int64 = 1000) throws -> (invoked: [RecordedOperation], ended: [RecordedOperation]) {
    let recorder = try HistoryRecorder(
      memory, folder: FileManager.default.temporaryDirectory.path, largestFile: HistoryRecorder.largestFile)
    var result: (invoked: [RecordedOperation], ended: [RecordedOperation]) = ([], [])
    _ = try recorder.handOver(from: 0).replay(deaths: [], end: end, returnsValues: true, hasLists: true) { moment in
      switch moment {
      case .invoked(let operation): result.invoked.append(operation)
      case .ended(let operation, _): result.ended.append(operation)
      }
    }
    return result
  }

  @Test("every attempt is a transaction of its own, and what it appends is known when it is sent")
  func attempts() throws {
    announce(1)
    try append(.invoke, at: 10)
    try attempt(7, seen: [4], at: 20)
    try attempt(8, seen: [4, 5], at: 30)
    try append(.attempts, 2, at: 40)
    try append(.value, detail: 1, 99, at: 40)
    try append(.ended, detail: Int(Outcome.committed.rawValue), 98, at: 40)
    let (invoked, ended) = try replay()
    #expect(
      ended == [
        RecordedOperation(
          process: 0, .txn, invoke: 20, end: 30, .fail, [Access(0, .list([4])), Access(3, .append(7))], error: "failed"),
        RecordedOperation(
          process: 0, .txn, invoke: 30, end: 40, .ok, [Access(0, .list([4, 5])), Access(3, .append(8))]),
      ])
    #expect(invoked.map(\.invoke) == [20, 30])
    #expect(invoked.map(\.accesses) == [7, 8].map { [Access(0, .list([])), Access(3, .append($0))] })
  }

  @Test("whoever dies leaves what it had sent, and nothing when it had sent nothing", arguments: [true, false])
  func deaths(wasSent: Bool) throws {
    announce(1)
    try append(.invoke, at: 10)
    if wasSent {
      try attempt(7, seen: [], at: 20)
    } else {
      try append(.list, detail: 0, 0, at: 20)
      try append(.list, detail: 1, 3, at: 20)
    }
    let (invoked, ended) = try replay()
    #expect(invoked.count == (wasSent ? 1 : 0) && ended.count == invoked.count)
    #expect(ended.allSatisfy { $0.ending == .info && $0.end == nil && $0.accesses.contains(Access(3, .append(7))) })
  }

  @Test("a text is a list when every element is followed by a comma")
  func texts() {
    func read(_ text: String) -> [Int64]? {
      var elements: [Int64] = []
      return Array(text.utf8).withUnsafeBytes { ListText.read($0, into: &elements) } ? elements : nil
    }
    #expect(read("") == [] && read("7,") == [7] && read("12,3000000000005,0,") == [12, 3_000_000_000_005, 0])
    for wrong in ["7", ",", "1,,", "1,x,", "-1,", " 1,", "1234567890123456789,"] {
      #expect(read(wrong) == nil, "\(wrong)")
    }
  }

  @Test("a list that is long makes way for the next one of its key, in every process at once")
  func turns() throws {
    let configuration = ListPlan.Configuration(lists: Self.settings, records: memory.records, workers: 1)
    var plan = ListPlan(configuration, worker: 0)
    var other = ListPlan(configuration, worker: 0)
    let scratch = Scratch()
    let worker = Worker(
      index: 0,
      plan: WorkerPlan(hold: 0, think: 0, retry: RetryPolicy(), operations: 1, samplingInterval: 1, observers: []),
      memory: memory, threadIndex: 0, loop: try EventLoop(), gate: StartGate(expected: 1) {}, phase: PhaseSignal(),
      seed: 1, sharesThread: false)
    let attempt = worker.makeAttempt(values: scratch.values)
    announce(1)
    plan.make(attempt)
    #expect((plan.list(0), plan.list(1)) == (0, 1))
    let first = plan.element(1)
    plan.make(attempt)
    #expect(plan.element(1) != first)
    plan.note([1, 2], 0, attempt)
    plan.make(attempt)
    #expect(plan.list(0) == 0)
    plan.note([1, 2, 3], 0, attempt)
    // Who saw the same a moment later does not skip one.
    plan.note([1, 2, 3], 0, attempt)
    other.make(attempt)
    #expect((other.list(0), other.list(1)) == (2, 1))
  }
}
