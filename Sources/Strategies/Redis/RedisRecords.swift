public import Model
public import Runtime

/// The records in Redis without protection, for locks around them: one string per record, `<namespace>:<record>`.
///
/// Reads are `GET`s sent together; writes are one `SET`, or one `MSET` for several records. Each way is one round trip.
public struct RedisRecords: StoreClient, ~Copyable {
  private var connection: RedisConnection

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RedisRecords {
    var connection = try RedisConnection(configuration, worker)
    try await connection.open()
    return RedisRecords(connection: connection)
  }

  /// Gets the value of each step.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    connection.request.clear()
    for index in 0..<operation.count {
      connection.request.command(words: 2)
      connection.request.append("GET")
      connection.request.append(connection.configuration.records, operation[index].key)
    }
    try await connection.perform(operation.count, decides: false, &attempt)
    try connection.takeElements(&attempt)
  }

  /// Sets the value of each step that changes something.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.appendWrite(attempt)
    try await connection.perform(1, decides: true, &attempt)
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}
