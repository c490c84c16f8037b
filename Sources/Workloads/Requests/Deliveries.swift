internal import Model

/// What the workloads have in common whose requests carry an idempotency key.
enum Deliveries {
  /// The options that say how requests are delivered.
  static func options(delay: Duration) -> [OptionSpecification] {
    [
      OptionSpecification(
        "redelivered", .number(0...1), default: .number(0.2),
        "Share of the requests that the client sends a second time with the same key, over another connection, 0 to 1."),
      OptionSpecification(
        "delay", .duration(.zero ... .seconds(60)), default: .duration(delay),
        "How long after the first delivery the second one is sent; 0s for at the same time."),
    ]
  }

  static func settings(_ options: Options) -> DeliverySettings {
    DeliverySettings(redelivered: options.number("redelivered"), delay: options.duration("delay"))
  }
}
