import Model
import Testing

@testable import Runtime

/// Which locks an operation takes, and by what it is known to strategies.
struct LockKeyTests {
  /// Notes which locks are taken and given back, in that order.
  private struct NotingLock: LockClient, ~Copyable {
    final class Configuration: Sendable {
      private let notes = Exclusive<[String]>([])
      func add(_ note: String) { notes.withLock { $0.append(note) } }
      var all: [String] { notes.withLock { $0 } }
    }
    let configuration: Configuration

    static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration { Configuration() }
    static func open(
      _ configuration: Configuration, _ worker: WorkerContext
    ) async throws(SetupFailure) -> NotingLock { NotingLock(configuration: configuration) }
    mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
      configuration.add("+\(key)")
      if key == 9 { throw .notAcquired }
    }
    mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
      configuration.add("-\(key)")
    }
  }

  private static let operations = [
    [Step(key: 0, .add, lock: 5), Step(key: 1, .add, lock: 5), Step(key: 2, .add), Step(key: 3, .add, lock: 5)],
    [Step(key: 0, .add, lock: 4), Step(key: 1, .add, lock: 4), Step(key: 9, .add)],
    [Step(key: 7, .add), Step(key: 8, .add)],
  ].map { OperationTemplate(steps: $0) }

  private func worker() throws -> Worker {
    let memory = try TrialMemory(
      TrialLayout(records: 10, threads: 1, workers: 3, ringLength: 3, stepsPerOperation: 4, comparesValues: false))
    memory.setOperations(Self.operations, ofThread: 0)
    let plan = WorkerPlan(
      hold: 0, think: 0, retry: RetryPolicy(), operations: 10, samplingInterval: 1, observers: [])
    return Worker(
      index: 2, plan: plan, memory: memory, threadIndex: 0, loop: try EventLoop(), gate: StartGate(expected: 1) {},
      phase: PhaseSignal(), seed: 1, sharesThread: true)
  }

  @Test(
    "a lock that several steps name is taken once, and given back if a later one is not granted",
    arguments: [(0, "+5 +2 -2 -5"), (1, "+4 +9 -4"), (2, "+7 +8 -8 -7")])
  func locks(entry: Int, expected: String) async throws {
    let worker = try worker()
    let scratch = Scratch()
    var attempt = worker.makeAttempt(values: scratch.values)
    attempt.operation = Operation(worker.thread.ring.entry(entry), token: 3)
    let notes = NotingLock.Configuration()
    var locks = HeldLocks(NotingLock(configuration: notes))
    do throws(AttemptFailure) {
      try await locks.acquireAll(shared: false, &attempt)
      await locks.releaseAll(shared: false, &attempt)
    } catch {
      #expect(error == .notAcquired && entry == 1)
    }
    #expect(notes.all.joined(separator: " ") == expected)
    await locks.close()
  }

  @Test("an operation is known by its worker and its number, whatever the attempt")
  func identity() throws {
    let worker = try worker()
    let scratch = Scratch()
    var attempt = worker.makeAttempt(values: scratch.values)
    let books = Bookkeeping(worker, scratch)
    for number in 1...3 {
      books.begin(&attempt, number: number, entry: Int32(number % 3))
      for _ in 1...2 {
        #expect(attempt.identity == OperationIdentity(worker: 2, number: Int64(number)))
        books.count(.conflict)
      }
      books.finish(&attempt, number: number, Ending(outcome: .committed, attempts: 2), books.counters(1))
    }
  }
}
