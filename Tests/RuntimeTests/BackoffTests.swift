import Model
import Testing

@testable import Runtime

/// The waits between attempts against the formulas of the article that they come from.
struct BackoffTests {
  private static let base: Int64 = 1_000_000
  private static let cap: Int64 = 20_000_000

  private func policy(_ backoff: RetryPolicy.Backoff, _ jitter: RetryPolicy.Jitter) -> RetryPolicy {
    var policy = RetryPolicy()
    policy.backoff = backoff
    policy.jitter = jitter
    policy.base = .nanoseconds(Self.base)
    policy.cap = .nanoseconds(Self.cap)
    policy.deadline = nil
    return policy
  }

  /// The first waits of many operations: one row per operation.
  private func waits(_ policy: RetryPolicy, count: Int = 12, operations: Int = 400, seed: UInt64 = 3) throws
    -> [[Int64]]
  {
    var random = RandomSource(seed: seed)
    var backoff = Backoff(policy)
    return try (0..<operations).map { _ in
      backoff.reset()
      return try (0..<count).map { _ in try #require(backoff.next(elapsed: 0, using: &random)) }
    }
  }

  private func ceiling(_ position: Int) -> Int64 { min(Self.cap, Self.base << Int64(position)) }

  @Test("without backoff there is no wait")
  func none() throws {
    for jitter in RetryPolicy.Jitter.allCases {
      #expect(try waits(policy(.none, jitter)).joined().allSatisfy { $0 == 0 })
    }
  }

  @Test("without jitter the wait is constant, or doubles up to the cap")
  func withoutJitter() throws {
    #expect(try waits(policy(.constant, .none)).joined().allSatisfy { $0 == Self.base })
    for row in try waits(policy(.exponential, .none)) { #expect(row == row.indices.map(ceiling)) }
  }

  @Test("full jitter spreads over 0 ... ceiling", arguments: [RetryPolicy.Backoff.constant, .exponential])
  func full(backoff: RetryPolicy.Backoff) throws {
    try expectUniform(policy(backoff, .full)) { 0...(backoff == .constant ? Self.base : ceiling($0)) }
  }

  @Test("equal jitter spreads over the upper half", arguments: [RetryPolicy.Backoff.constant, .exponential])
  func equal(backoff: RetryPolicy.Backoff) throws {
    try expectUniform(policy(backoff, .equal)) {
      let ceiling = backoff == .constant ? Self.base : ceiling($0)
      return ceiling / 2...ceiling
    }
  }

  private func expectUniform(_ policy: RetryPolicy, _ range: (Int) -> ClosedRange<Int64>) throws {
    let rows = try waits(policy)
    for position in 0..<12 {
      let drawn = rows.map { $0[position] }
      let range = range(position)
      let width = Double(range.upperBound - range.lowerBound)
      #expect(drawn.allSatisfy(range.contains))
      // The mean of 400 uniform draws has a standard error of width / 69; five of them are allowed.
      let mean = drawn.reduce(0) { $0 + Double($1) } / Double(drawn.count)
      #expect(abs(mean - Double(range.lowerBound) - width / 2) < width / 13)
    }
  }

  @Test("decorrelated jitter draws from base ... 3 * the wait before, up to the cap")
  func decorrelated() throws {
    let rows = try waits(policy(.exponential, .decorrelated))
    for row in rows {
      var previous = Self.base
      for wait in row {
        #expect(wait >= Self.base && wait <= min(Self.cap, 3 * previous))
        previous = wait
      }
    }
    #expect(rows.contains { $0.contains(Self.cap) })
    // The wait before is forgotten with the operation.
    #expect(rows.allSatisfy { $0[0] <= 3 * Self.base })
  }

  @Test("the same seed gives the same waits, another seed others", arguments: RetryPolicy.Jitter.allCases)
  func determinism(jitter: RetryPolicy.Jitter) throws {
    let policy = policy(.exponential, jitter)
    #expect(try waits(policy, seed: 5) == waits(policy, seed: 5))
    if jitter != .none { #expect(try waits(policy, seed: 5) != waits(policy, seed: 6)) }
  }

  @Test("attempts are limited")
  func attempts() {
    var policy = policy(.none, .none)
    policy.attempts = 4
    var random = RandomSource(seed: 1)
    var backoff = Backoff(policy)
    #expect((0..<5).map { _ in backoff.next(elapsed: 0, using: &random) } == [0, 0, 0, nil, nil])
    backoff.reset()
    #expect(backoff.next(elapsed: 0, using: &random) == 0)
  }

  @Test("an operation gives up when its deadline has passed, or would pass during the wait")
  func deadline() {
    var policy = policy(.constant, .none)
    policy.deadline = .nanoseconds(10 * Self.base)
    var random = RandomSource(seed: 1)
    var backoff = Backoff(policy)
    #expect(backoff.next(elapsed: 9 * Self.base - 1, using: &random) == Self.base)
    #expect(backoff.next(elapsed: 9 * Self.base, using: &random) == nil)
    #expect(backoff.next(elapsed: 10 * Self.base, using: &random) == nil)
  }

  @Test("doubling never overflows")
  func overflow() throws {
    var policy = policy(.exponential, .none)
    policy.cap = .seconds(3600)
    policy.base = .seconds(1)
    let row = try #require(try waits(policy, count: 80, operations: 1).first)
    #expect(row.allSatisfy { $0 > 0 && $0 <= policy.cap.nanoseconds })
    #expect(row.last == policy.cap.nanoseconds)
  }
}
