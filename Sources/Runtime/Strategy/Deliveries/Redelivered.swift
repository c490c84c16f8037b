public import Model

/// Clients that send requests with an idempotency key, a share of them twice: the operation ends when all deliveries have
/// come to something, and it is committed when one of them was answered.
///
/// What is an ambiguous outcome elsewhere is settled by sending the request again with the same key, where the service can
/// tell that it is the same one.
public struct Redelivered<Client: DeliveryClient & ~Copyable>: Strategy, ~Copyable {
  private var first: Client
  private let second: SecondConnection<Client>?
  private let share: Double

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let client: Client.Configuration
    let deliveries: DeliverySettings
  }

  /// Configures the client.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      client: try Client.configure(environment),
      deliveries: environment.deliveries ?? DeliverySettings(redelivered: 0, delay: .zero))
  }

  /// Opens one connection, or two where requests are delivered twice.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Redelivered<Client> {
    let first = try await Client.open(configuration.client, worker)
    let share = configuration.deliveries.redelivered
    guard share > 0 else { return Redelivered(first: first, second: nil, share: 0) }
    let second = SecondConnection<Client>(
      configuration.client, worker, delay: configuration.deliveries.delay.nanoseconds)
    try await second.open()
    return Redelivered(first: first, second: second, share: share)
  }

  private init(first: consuming Client, second: SecondConnection<Client>?, share: Double) {
    self.first = first
    self.second = second
    self.share = share
  }

  /// Delivers the request, once or twice.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    if let second, second.isBroken, await !second.mend() { throw .connectionLost }
    guard let second, attempt.random.fraction() < share else {
      return try conclude(await first.deliverSurely(&attempt), nil, &attempt)
    }
    attempt.count(.redeliveries)
    second.begin(attempt)
    let delivery = await first.deliverSurely(&attempt)
    return try conclude(delivery, await second.finish(), &attempt)
  }

  private func conclude(
    _ first: Delivery, _ second: Delivery?, _ attempt: inout Attempt
  ) throws(AttemptFailure) -> AttemptResult {
    count(first, attempt)
    if let second { count(second, attempt) }
    if let one = first.response, let other = second?.response, one != other { attempt.count(.differentResponses) }
    if let response = first.response ?? second?.response {
      attempt.values[0] = response
      return .committed
    }
    throw Self.failure(first, second)
  }

  private func count(_ delivery: Delivery, _ attempt: Attempt) {
    switch delivery {
    case .answered(.replay): attempt.count(.replays)
    case .answered(.ignored), .answered(.turnedAway): attempt.count(.rejectedDuplicates)
    case .answered(.done), .failed: break
    }
  }

  /// Why the attempt failed whose deliveries have all come to nothing. What may have happened outweighs what has not; a
  /// second connection that is lost is mended before the next attempt.
  private static func failure(_ first: Delivery, _ second: Delivery?) -> AttemptFailure {
    if first.failure == .ambiguous || second?.failure == .ambiguous { return .ambiguous }
    if let failure = first.failure { return failure }
    if let failure = second?.failure { return failure.breaksSession ? .conflict : failure }
    // Whoever was told that the request is known, by a service that says no more, cannot tell whether it took effect.
    if case .answered(.ignored) = first { return .ambiguous }
    return .conflict
  }

  /// Opens the first connection anew; the second one is mended when it is needed.
  public mutating func reopen() async throws(SetupFailure) { try await first.reopen() }

  /// Closes both.
  public consuming func close() async {
    if let second { await second.close() }
    await first.close()
  }
}
