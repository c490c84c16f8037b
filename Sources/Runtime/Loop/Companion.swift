public import Model

/// What a task beside a worker needs to go on until it is told to end: it sleeps no longer than that, and tries again what
/// has failed. One for each task; used on the thread of its loop only.
public final class Companion: @unchecked Sendable {  // because it is used on the thread of its loop only
  private let loop: EventLoop
  /// Given when the task is to end.
  private let ending: Readiness
  /// Whether the task is to end.
  public private(set) var hasEnded = false

  /// Pauses between tries, in nanoseconds.
  private static let pauses: (first: Int64, longest: Int64) = (5_000_000, 500_000_000)

  /// On the loop of a worker.
  public init(_ loop: EventLoop) {
    self.loop = loop
    ending = loop.makeSignal()
  }

  /// Lets the task end, and wakes it.
  public func end() {
    hasEnded = true
    ending.signal()
  }

  /// Waits until a moment of ``monotonicNow()``, but not beyond the end.
  public func sleep(until moment: Int64) async {
    if hasEnded { return }
    _ = await loop.wait(for: ending, until: moment)
  }

  /// Waits for so many nanoseconds, but not beyond the end.
  public func pause(_ nanoseconds: Int64) async { await sleep(until: monotonicNow() &+ nanoseconds) }

  /// Tries something until it succeeds or the end has come, with pauses that grow from 5 ms to half a second.
  public func insist(_ body: () async throws(SetupFailure) -> Void) async {
    var wait = Self.pauses.first
    while !hasEnded {
      do throws(SetupFailure) { return try await body() } catch {
        await pause(wait)
        wait = min(wait * 2, Self.pauses.longest)
      }
    }
  }
}
