/// How the clients of a workload send requests that carry an idempotency key: the identity of the operation, which is the
/// same over all its attempts.
///
/// A client whose first answer is late sends its request once more, over another connection, while the first delivery may
/// still be worked on. How late, and how often, is stated and not left to the servers' mood, so that every strategy meets
/// the same deliveries.
public struct DeliverySettings: Sendable, Equatable {
  /// Share of the requests that are delivered twice, 0 to 1.
  public let redelivered: Double
  /// How long after the first delivery the second one is sent; zero for at the same time.
  public let delay: Duration

  /// Makes settings.
  public init(redelivered: Double, delay: Duration) {
    self.redelivered = redelivered
    self.delay = delay
  }
}
