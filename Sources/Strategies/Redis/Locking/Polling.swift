internal import Model
internal import Runtime

/// How a lock that nobody announces is waited for: by trying again.
struct Polling: Sendable {
  private let pause: Int64
  private let patience: Int64

  /// Reads the options `poll` and `timeout`.
  init(_ options: Options) {
    pause = options.duration("poll").nanoseconds
    patience = options.duration("timeout").nanoseconds
  }

  static let options = [
    OptionSpecification(
      "poll", .duration(.microseconds(10)...(.seconds(10))), default: .duration(.milliseconds(1)),
      "Mean time between two tries to get a lock that is taken."),
    LockOptions.timeout,
  ]

  /// Sleeps for half to one and a half of the mean time.
  ///
  /// - Parameter deadline: nil before the first pause, which sets it.
  /// - Throws: `not-acquired` when the deadline has passed.
  func wait(_ deadline: inout Int64?, _ attempt: inout Attempt) async throws(AttemptFailure) {
    attempt.count(.polls)
    let now = monotonicNow()
    if now >= deadline ?? .max { throw .notAcquired }
    if deadline == nil { deadline = now &+ patience }
    await attempt.sleep(nanoseconds: pause / 2 &+ Int64(attempt.random.below(UInt64(pause) &+ 1)))
  }
}

/// Options that several locks have in common.
enum LockOptions {
  static let ttl = OptionSpecification(
    "ttl", .duration(.milliseconds(1)...(.seconds(3600))), default: .duration(.seconds(30)),
    "How long the lock lasts if nobody releases it; whole milliseconds.")
  static let timeout = OptionSpecification(
    "timeout", .duration(.zero...(.seconds(3600))), default: .duration(.seconds(10)),
    "How long to wait for a lock before the attempt fails as not-acquired.")

  /// A time in the unit of Redis, at least 1.
  static func milliseconds(_ name: String, _ options: Options) -> Int64 {
    max(1, options.duration(name).nanoseconds / 1_000_000)
  }
}
