import CLinux
import Glibc
import Model
import Testing
import TrialSupport

@testable import Runtime

/// The common start of the workers of a process.
struct StartGateTests {
  @Test("the arrival of the last worker is announced once, and all get the same start")
  func start() throws {
    let announcements = Exclusive(0)
    let gate = StartGate(expected: 3) { announcements.withLock { $0 += 1 } }
    let starts = Exclusive<[Int64?]>([])
    let loop = try EventLoop()
    for _ in 0..<3 {
      loop.start {
        await gate.arrive()
        let start = await gate.start(on: loop)
        starts.withLock { $0.append(start) }
      }
    }
    loop.start {
      await loop.sleep(nanoseconds: 5_000_000)
      #expect(gate.isOpen)
      #expect(starts.withLock { $0.isEmpty })
      gate.open(at: 42)
    }
    loop.run()
    #expect(announcements.withLock { $0 } == 1)
    #expect(starts.withLock { $0 } == [42, 42, 42])
    #expect(gate.setupFailure == nil)
  }

  @Test("the first failure is kept and announced; the others are sent home")
  func failure() throws {
    let announcements = Exclusive(0)
    let gate = StartGate(expected: 3) { announcements.withLock { $0 += 1 } }
    let starts = Exclusive<[Int64?]>([])
    let loop = try EventLoop()
    loop.start {
      await gate.arrive()
      let start = await gate.start(on: loop)
      starts.withLock { $0.append(start) }
    }
    loop.start {
      gate.fail(SetupFailure("first"))
      gate.fail(SetupFailure("second"))
      gate.open(at: nil)
    }
    loop.run()
    #expect(announcements.withLock { $0 } == 1)
    #expect(gate.setupFailure?.message == "first")
    #expect(!gate.isOpen)
    #expect(starts.withLock { $0 } == [nil])
  }

  @Test("a trial whose sessions cannot be opened reports why and ends all threads")
  func trialWithoutSessions() {
    let descriptor = StrategyDescriptor(
      id: "test.closed", summary: "cannot be opened", documentation: .sample, store: "memory", scope: .process,
      threading: .perWorker)
    let error = #expect(throws: SetupFailure.self) {
      try Trial(inMemory: StrategyEntry(blocking: descriptor, ClosedStrategy.self)).run()
    }
    #expect(error?.message == "closed today")
  }

  /// Cannot open its session.
  private struct ClosedStrategy: BlockingStrategy, ~Copyable {
    static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) {}
    static func open(_ configuration: Void, _ worker: WorkerContext) throws(SetupFailure) -> ClosedStrategy {
      throw SetupFailure("closed today")
    }
    mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult { .committed }
  }
}
