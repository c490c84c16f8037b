import Foundation
import Glibc
import Model
import Synchronization
import Testing

@testable import Runtime

/// What workers write of their operations, and what becomes of it.
struct HistoryTests {
  private let memory: TrialMemory
  private static let folder = FileManager.default.temporaryDirectory.path

  /// Two threads; worker 0 and 2 on the first, 1 on the second.
  init() throws {
    memory = try TrialMemory(
      TrialLayout(
        records: 4, threads: 2, workers: 3, ringLength: 3, stepsPerOperation: 2, comparesValues: false,
        historyCapacity: 16))
    for thread in 0..<2 {
      memory.setOperations(
        [
          OperationTemplate(steps: [Step(key: 0, .add, operand: 1)]),
          OperationTemplate(steps: [Step(key: 1, .add, operand: 5), Step(key: 2, .add, operand: -5, lock: 3)]),
          OperationTemplate(steps: [Step(key: 2, .read)]),
        ], ofThread: thread)
    }
    for worker in 0..<3 { memory.worker(worker)[WorkerSlot.thread] = Int64(worker & 1) }
  }

  /// Writes what a worker does, as its loop would.
  private struct Writer {
    let memory: TrialMemory
    let worker: Int
    var number = 0

    init(_ memory: TrialMemory, _ worker: Int) {
      self.memory = memory
      self.worker = worker
    }

    func append(_ kind: HistoryRecord.Kind, detail: Int = 0, _ value: Int64 = 0, at moment: Int64) throws {
      let ring = try #require(memory.historyRing(ofThread: worker & 1))
      let journal = Journal(ring, worker: worker, slot: memory.worker(worker))
      defer { journal.deallocate() }
      journal.append(kind, detail: detail, value, at: moment)
    }

    mutating func announce(entry: Int) {
      number += 1
      memory.worker(worker)[WorkerSlot.announced] = WorkerSlot.announcement(number: number, entry: Int32(entry))
    }

    mutating func invoke(entry: Int = 0, at moment: Int64) throws {
      announce(entry: entry)
      try append(.invoke, at: moment)
    }

    func end(_ outcome: Outcome, _ value: Int64 = 0, at moment: Int64) throws {
      try append(.ended, detail: Int(outcome.rawValue), value, at: moment)
    }
  }

  private func recorder(largestFile: Int = HistoryRecorder.largestFile) throws -> HistoryRecorder {
    try HistoryRecorder(memory, folder: Self.folder, largestFile: largestFile)
  }

  /// Every operation that ended, in the order of its end, and how many are missing.
  private func replay(
    _ trial: RecordedTrial, deaths: [RecordedTrial.Death] = [], end: Int64 = 10_000
  ) throws -> (operations: [RecordedOperation], moments: [Int64], missing: Int) {
    var operations: [RecordedOperation] = []
    var moments: [Int64] = []
    let missing = try trial.replay(deaths: deaths, end: end, returnsValues: true) { moment in
      switch moment {
      case .invoked(let operation): moments.append(operation.invoke)
      case .ended(let operation, let moment):
        operations.append(operation)
        moments.append(moment)
      }
    }
    return (operations, moments, missing)
  }

  @Test("an operation has its times, its values, its locks and its versions")
  func details() throws {
    var writer = Writer(memory, 0)
    try writer.invoke(entry: 1, at: 1100)
    try writer.append(.granted, at: 1200)
    // The first attempt failed inside, the second went well.
    try writer.append(.granted, at: 1300)
    try writer.append(.version, detail: 1, 8, at: 1310)
    try writer.append(.replaced, detail: 1, 7, at: 1310)
    try writer.append(.token, 33, at: 1320)
    try writer.append(.released, at: 1400)
    try writer.append(.attempts, 2, at: 1500)
    try writer.append(.value, detail: 1, 95, at: 1500)
    try writer.end(.committed, 105, at: 1500)
    let (operations, moments, missing) = try replay(try recorder().handOver(from: 1000))
    #expect(
      operations == [
        RecordedOperation(
          process: 0, .transfer, invoke: 100, end: 500, .ok,
          [
            Access(1, .add(5, result: 105)), Access(2, .add(-5, result: 95), version: 8, replaced: 7),
          ], token: 33,
          holds: [
            Hold(key: 1, granted: 200, released: nil), Hold(key: 3, granted: 200, released: nil),
            Hold(key: 1, granted: 300, released: 400), Hold(key: 3, granted: 300, released: 400),
          ], attempts: 2)
      ])
    #expect(moments == [100, 500] && missing == 0)
  }

  @Test("every outcome is ok, fail or info, and says why", arguments: Outcome.allCases)
  func endings(outcome: Outcome) throws {
    var writer = Writer(memory, 1)
    try writer.invoke(entry: 2, at: 10)
    if outcome == .gaveUp { try writer.append(.failure, detail: Int(AttemptFailure.conflict.rawValue), 3, at: 20) }
    try writer.end(outcome, 42, at: 20)
    try writer.invoke(at: 30)
    try writer.end(.committed, 1, at: 40)
    let operations = try replay(try recorder().handOver(from: 0)).operations
    let first = try #require(operations.first)
    switch outcome {
    case .committed: #expect(first.ending == .ok && first.error == nil && first.accesses == [Access(2, .read(42))])
    case .refused: #expect(first.ending == .fail && first.error == "refused")
    case .gaveUp: #expect(first.ending == .fail && first.error == "gave up: conflict 3")
    case .failed: #expect(first.ending == .fail && first.error == "failed")
    case .unknown: #expect(first.ending == .info && first.end == 20 && first.error == "answer lost")
    }
    // Whoever does not know whether it has happened goes on as somebody else.
    #expect(operations.map(\.process) == [1, outcome == .unknown ? 4 : 1])
    #expect(outcome == .committed || first.accesses == [Access(2, .read(nil))])
  }

  @Test("entries of several threads come in order of time, however they were taken")
  func order() throws {
    let recorder = try recorder()
    var random = RandomSource(seed: 3)
    var writers = (0..<3).map { Writer(memory, $0) }
    var now: Int64 = 0
    for _ in 0..<2000 {
      let worker = Int(random.below(3))
      now += 1 + Int64(random.below(5))
      try writers[worker].invoke(at: now)
      now += 1
      try writers[worker].end(.committed, at: now)
      if random.below(4) == 0 || (0..<2).contains(where: { isNearlyFull($0) }) { recorder.takeAll() }
    }
    let (operations, moments, missing) = try replay(recorder.handOver(from: 0))
    #expect(operations.count == 2000 && missing == 0)
    #expect(moments == moments.sorted() && moments.last == now)
    #expect(Set(operations.map(\.process)) == [0, 1, 2])
  }

  private func isNearlyFull(_ thread: Int) -> Bool {
    guard let ring = memory.historyRing(ofThread: thread) else { return false }
    return ring.written.pointee.load(ordering: .relaxed) - ring.taken.pointee.load(ordering: .relaxed) > 12
  }

  @Test("a worker that is killed leaves what it had open, and another goes on in its place")
  func death() throws {
    let recorder = try recorder()
    var victim = Writer(memory, 0)
    try victim.invoke(at: 100)
    try victim.append(.granted, at: 110)
    var other = Writer(memory, 1)
    try other.invoke(at: 150)
    try other.end(.committed, 1, at: 400)
    let first = memory.death(of: 0..<1, at: 200)
    // Its successor goes on with the number; it dies after it has announced, before it has written an operation.
    try victim.invoke(at: 500)
    try victim.end(.committed, 2, at: 600)
    victim.announce(entry: 1)
    let second = memory.death(of: 0..<1, at: 700)
    try victim.invoke(at: 800)
    let (operations, moments, _) = try replay(recorder.handOver(from: 0), deaths: [first, second], end: 900)
    #expect(operations.map(\.process) == [0, 1, 3, 3, 6])
    #expect(operations.map(\.ending) == [.info, .ok, .ok, .info, .info])
    #expect(operations.map(\.end) == [nil, 400, 600, nil, nil])
    #expect(operations.map(\.invoke) == [100, 150, 500, 700, 800])
    #expect(operations[0].holds == [Hold(key: 0, granted: 110, released: nil)] && operations[0].error == "no end")
    #expect(operations[3].function == .transfer)
    #expect(moments == [100, 150, 200, 400, 500, 600, 700, 700, 800, 900])
  }

  @Test("a worker waits for a driver that falls behind, and nothing is lost")
  func fullRing() throws {
    let recorder = try recorder()
    let writer = Writer(memory, 1)
    let ring = try #require(memory.historyRing(ofThread: 1))
    try Thread.start(stackBytes: 256 * 1024) {
      var writer = writer
      for number in 1...500 {
        ring.makeRoom()
        try? writer.invoke(at: Int64(2 * number))
        try? writer.end(.committed, Int64(number), at: Int64(2 * number + 1))
      }
    }
    // It stands until somebody takes, and never writes over what was not taken.
    let deadline = monotonicNow() + 30_000_000_000
    while ring.written.pointee.load(ordering: .acquiring) < 1000 {
      #expect(monotonicNow() < deadline)
      usleep(200)
      recorder.takeAll()
    }
    let trial = recorder.handOver(from: 0)
    let operations = try replay(trial).operations
    #expect(operations.map(\.accesses) == (1...500).map { [Access(0, .add(1, result: $0))] })
    #expect(trial.waitsBetween.count > 0 && trial.waitsBetween.nanoseconds > 0)
    #expect(trial.waitsWithin == HistoryWaits())
  }

  @Test("a history that may not grow ends at one moment for all workers, and counts what is missing")
  func cut() throws {
    let recorder = try recorder(largestFile: 32 * 20)
    var writers = (0..<3).map { Writer(memory, $0) }
    for number in 0..<30 {
      try writers[number % 3].invoke(at: Int64(10 * number))
      if number != 7 { try writers[number % 3].end(.committed, at: Int64(10 * number + 5)) }
      recorder.takeAll()
    }
    let trial = recorder.handOver(from: 0)
    let cut = try #require(trial.cut)
    let (operations, moments, missing) = try replay(trial)
    #expect(cut.reason == "it has reached its greatest length")
    #expect(moments.allSatisfy { $0 <= cut.moment } && moments == moments.sorted())
    #expect(operations.count + missing == 30 && missing > 0 && operations.count > 5)
    #expect(operations.filter { $0.ending == .info }.allSatisfy { $0.end == nil })
    #expect(operations.contains { $0.invoke == 70 && $0.ending == .info })
  }
}
