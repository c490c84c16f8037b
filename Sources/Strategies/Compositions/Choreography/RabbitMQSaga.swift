internal import PostgresStrategies
internal import Runtime

#if RabbitMQ
internal import RabbitMQStrategies
#endif

extension ChoreographyRegistry {
  /// Sagas whose events a broker carries; none without its trait.
  static var overRabbitMQ: [StrategyEntry] {
    #if RabbitMQ
    return [
      ChoreographedSaga<RabbitMQTransport, CarefulServices>.entry(
        ChoreographyTexts.descriptor(
          "saga-rabbitmq", transport: "through RabbitMQ", needs: ["rabbitmq"], delivery: delivery, loss: loss,
          source: source))
    ]
    #else
    return []
    #endif
  }

  private static let delivery = """
    Each service has a durable queue. To publish is `basic.publish` with `mandatory` and `delivery_mode` 2 through the \
    default exchange, and to wait for the publisher confirm (`confirm.select`): the broker sends it once the event is \
    on its disk. One that no queue takes comes back (`basic.return`) before it is confirmed, and counts as not sent. \
    The receiver consumes with a prefetch of 1 and acknowledges (`basic.ack`) after the `COMMIT` of its step; if its \
    connection is lost before, the broker delivers the event again. What is given up is rejected (`basic.reject`), and \
    the broker moves it to a queue of dead letters.
    """

  private static let loss = """
    Nor that an event which ends its receiver each time becomes a dead letter: a durable queue of this kind tells that \
    an event comes again, not how often. Dead letters are moved without a confirmation: a broker that dies in that \
    moment may lose one.
    """

  private static let source = """
    RabbitMQ documentation: Consumer Acknowledgements and Publisher Confirms, Reliability Guide, Dead Letter \
    Exchanges; AMQP 0-9-1; Richardson, Microservices Patterns, sections 3.3.7 (transactional outbox) and 4.2 \
    (choreography).
    """
}
