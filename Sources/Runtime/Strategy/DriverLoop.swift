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

  /// The counters of all phases, two words for points that nobody waits at, and those of an office that nobody holds.
  private static let words = counters + 2 + OfficeWords.count
  private static let counters = Phase.allCases.count * ThreadBlock.counterWords

  private static func context(_ loop: EventLoop, _ memory: UnsafeMutablePointer<Int64>) -> WorkerContext {
    let spare = UnsafeMutableRawPointer(memory + counters).assumingMemoryBound(to: Atomic<Int64>.self)
    return WorkerContext(
      index: 0, loop: loop, events: EventCounter(base: memory, phase: phase), random: RandomSource(seed: 0),
      stages: StageRecorder(nothingIn: phase),
      points: PointReporter(points: PointWords(words: spare), worker: 0, phase: phase),
      office: OfficeWords(words: spare + 2), fail: { _ in })
  }

  private final class Ending<Result>: @unchecked Sendable {  // because one thread runs both the task and the loop
    var result: Swift.Result<Result, SetupFailure>?
  }
}
