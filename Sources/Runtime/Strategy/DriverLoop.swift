internal import CLinux
public import Model
internal import Synchronization

/// Runs what workers' sessions do in the driver, on a loop of its own: to finish what workers have left.
public enum DriverLoop {
  /// Nothing is measured here.
  private static let phase = PhaseSignal()

  /// Runs a body to its end on the calling thread, with the context of a worker that does not exist: what it counts is
  /// not kept.
  public static func run<Result: Sendable>(
    _ body: @escaping @Sendable (WorkerContext) async throws(SetupFailure) -> Result
  ) throws(SetupFailure) -> Result {
    let loop: EventLoop
    do throws(SystemFailure) { loop = try EventLoop() } catch { throw SetupFailure("\(error)") }
    let memory = UnsafeMutablePointer<Int64>.allocate(capacity: words)
    memory.initialize(repeating: 0, count: words)
    defer { memory.deallocate() }
    let ending = Ending<Result>()
    let context = context(loop, memory)
    loop.start {
      do throws(SetupFailure) { ending.result = .success(try await body(context)) } catch {
        ending.result = .failure(error)
      }
    }
    loop.run()
    guard let result = ending.result else { throw SetupFailure("a task of the driver did not end") }
    return try result.get()
  }

  /// The counters of all phases, and two words for points that nobody waits at.
  private static let words = Phase.allCases.count * ThreadBlock.counterWords + 2

  private static func context(_ loop: EventLoop, _ memory: UnsafeMutablePointer<Int64>) -> WorkerContext {
    let points = UnsafeMutableRawPointer(memory + words - 2).assumingMemoryBound(to: Atomic<Int64>.self)
    return WorkerContext(
      index: 0, loop: loop, events: EventCounter(base: memory, phase: phase), random: RandomSource(seed: 0),
      stages: StageRecorder(nothingIn: phase),
      points: PointReporter(points: PointWords(words: points), worker: 0, phase: phase))
  }

  private final class Ending<Result>: @unchecked Sendable {  // because one thread runs both the task and the loop
    var result: Swift.Result<Result, SetupFailure>?
  }
}
