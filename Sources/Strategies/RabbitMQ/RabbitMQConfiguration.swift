#if RabbitMQ
internal import Model
internal import Runtime

/// What all workers of a process share: where the broker is, and how the queues of the run are called.
public struct RabbitMQConfiguration: Sendable {
  let address: BrokerAddress
  /// Over how many databases the records are spread: so many services there are.
  let services: Int
  /// One for each database over which records may be spread: what the service with this database is told.
  let queues: [QueueName]
  /// What each of them has rejected.
  let deadLetters: [QueueName]

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(
      url: environment.endpoint("rabbitmq"), namespace: environment.namespace,
      services: environment.sharding?.count ?? ShardedStore.maximumShards)
  }

  init(
    url: String, namespace: String, services: Int = ShardedStore.maximumShards
  ) throws(SetupFailure) {
    self.services = services
    address = try BrokerAddress(url: url)
    queues = (0..<ShardedStore.maximumShards).map { QueueName("\(namespace).service-\($0)") }
    deadLetters = queues.map { QueueName($0.text + ".dead") }
  }
}
#endif
