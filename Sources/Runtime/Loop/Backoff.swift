public import Model

/// The waits between the attempts of one operation.
///
/// A pure state machine over a seeded generator; formulas of the AWS article "Exponential Backoff and Jitter":
/// with e = min(cap, base * 2^(n-1)) before attempt n+1, jitter none waits e, full U(0, e), equal e/2 + U(0, e/2),
/// decorrelated min(cap, U(base, 3 * previous wait)).
public struct Backoff: Sendable {
  private let policy: RetryPolicy
  private let base: Int64
  private let cap: Int64
  private let deadline: Int64
  private let attempts: Int
  private var failures = 0
  private var previous: Int64

  /// Starts with a scenario's policy.
  public init(_ policy: RetryPolicy) {
    self.policy = policy
    base = policy.base.nanoseconds
    cap = policy.cap.nanoseconds
    deadline = policy.deadline?.nanoseconds ?? .max
    attempts = policy.attempts ?? .max
    previous = base
  }

  /// Forgets the failures of the operation before.
  public mutating func reset() {
    failures = 0
    previous = base
  }

  /// The wait before the next attempt in nanoseconds, or nil when the operation must give up.
  ///
  /// - Parameter elapsed: nanoseconds since the operation began.
  public mutating func next(elapsed: Int64, using random: inout RandomSource) -> Int64? {
    failures += 1
    guard failures < attempts, elapsed < deadline else { return nil }
    let wait = draw(using: &random)
    return elapsed &+ wait >= deadline ? nil : wait
  }

  private mutating func draw(using random: inout RandomSource) -> Int64 {
    func uniform(_ range: ClosedRange<Int64>) -> Int64 {
      range.lowerBound + Int64(random.below(UInt64(range.upperBound - range.lowerBound) + 1))
    }
    switch policy.backoff {
    case .none: return 0
    case .constant, .exponential:
      let doublings = policy.backoff == .constant ? 0 : min(failures - 1, 40)
      let ceiling = base > cap >> doublings ? cap : min(cap, base << doublings)
      switch policy.jitter {
      case .none: return ceiling
      case .full: return uniform(0...ceiling)
      case .equal: return ceiling / 2 + uniform(0...(ceiling - ceiling / 2))
      case .decorrelated:
        previous = min(cap, uniform(base...max(base, 3 * previous)))
        return previous
      }
    }
  }
}
