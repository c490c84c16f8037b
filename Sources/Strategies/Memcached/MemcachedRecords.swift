#if Memcached
public import Model
public import Runtime

/// The records in memcached without protection, for locks around them: one item per record, `<namespace>:<record>`.
///
/// Reads are `get`s sent together, writes are `set`s sent together. Each way is one round trip.
public struct MemcachedRecords: StoreClient, ~Copyable {
  private var connection: MemcachedConnection

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let memcached: MemcachedConfiguration
  }

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(memcached: try MemcachedConfiguration(environment))
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MemcachedRecords {
    var connection = MemcachedConnection(configuration.memcached, worker)
    try await connection.open()
    return MemcachedRecords(connection: connection)
  }

  /// Gets the value of each step.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    connection.request.clear()
    for index in 0..<operation.count { connection.appendGet(operation[index].key) }
    try await connection.perform(operation.count, decides: false, &attempt)
    for index in 0..<operation.count { try connection.takeValue(&attempt, step: index) }
  }

  /// Sets the value of each step that changes something.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    connection.request.clear()
    var changes = 0
    for index in 0..<operation.count where operation[index].writes {
      connection.appendSet(operation[index].key, attempt.values[index])
      changes &+= 1
    }
    try await connection.perform(changes, decides: true, &attempt)
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}

extension MemcachedConnection {
  /// Adds `get key`.
  mutating func appendGet(_ record: Int32) {
    request.append("get ")
    request.append(configuration.records, record)
    request.append("\r\n")
  }

  /// Adds `set key 0 0 length` with the value.
  mutating func appendSet(_ record: Int32, _ value: Int64) {
    request.append("set ")
    request.append(configuration.records, record)
    request.append(" 0 0 ")
    request.append(Int64(value.decimalLength))
    request.append("\r\n")
    request.append(value)
    request.append("\r\n")
  }
}
#endif
