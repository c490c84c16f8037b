#if RabbitMQ
public import Model
public import Runtime

/// What there is of RabbitMQ, which carries the messages of sagas.
public enum RabbitMQRegistry {
  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: [],
    services: [BackendService(ServiceDescriptor("rabbitmq", schemes: ["amqp"]), administration)])

  /// Opens the administration of the run's queues; connects.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try RabbitMQAdministration(url: url, namespace: namespace)
  }
}
#endif
