public import Model
public import Runtime

/// One command per operation, without any meaning for the workload: what the client, the server and the way between
/// them cost at least.
public protocol Floor: SendableMetatype {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  /// The command.
  static var command: FloorCommand { get }
}

/// The command that a floor sends.
public enum FloorCommand: Sendable {
  /// `PING`.
  case ping
  /// `SET key value NX PX 10000`, which finds its key set from the second time on.
  case set
  /// `GET key`.
  case get
}

/// `floor.redis-ping`: the null operation of Redis.
public enum PingFloor: Floor {
  static let documentation = Documentation(
    floor: "the null operation of Redis.",
    algorithm: "`PING`. The records are not touched.",
    guarantees: "nothing; acknowledged operations have no effect, and checkers say so.",
    roundTrips: "0; 1 per operation.",
    source: "Redis documentation, `PING`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.floor(
    "floor.redis-ping", "PING: the floor of every operation on Redis", documentation)
  /// `PING`.
  public static var command: FloorCommand { .ping }
}

/// `floor.redis-set`: what taking a Redis lock costs at least.
public enum SetFloor: Floor {
  static let documentation = Documentation(
    floor: "what taking a Redis lock costs at least.",
    algorithm: """
      `SET key 0123456789 NX PX 10000`, on the lock key of the operation's first record, whoever holds it. The records
      are not touched. The same command as in comparisons with `redis-benchmark`.
      """,
    guarantees: "nothing; acknowledged operations have no effect, and checkers say so.",
    roundTrips: "0; 1 per operation.",
    source: "Redis documentation, `SET`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.floor(
    "floor.redis-set", "SET NX PX of one key: the floor of taking a lock, for comparisons", documentation)
  /// `SET`.
  public static var command: FloorCommand { .set }
}

/// `floor.redis-get`: what reading a record costs at least.
public enum GetFloor: Floor {
  static let documentation = Documentation(
    floor: "what reading a record costs at least.",
    algorithm: "`GET key` of the operation's first record.",
    guarantees: "nothing; acknowledged operations have no effect, and checkers say so.",
    roundTrips: "0; 1 per operation.",
    source: "Redis documentation, `GET`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.floor(
    "floor.redis-get", "GET of one key: the floor of reading a record, for comparisons", documentation)
  /// `GET`.
  public static var command: FloorCommand { .get }
}

extension StrategyDescriptor {
  fileprivate static func floor(_ id: String, _ summary: String, _ documentation: Documentation) -> StrategyDescriptor {
    StrategyDescriptor(
      id: id, summary: summary, documentation: documentation, needs: ["redis"], store: "redis", scope: .network,
      threading: .shared, grade: .interesting)
  }
}

/// Sends the command of a floor.
public struct FloorStrategy<Kind: Floor>: Strategy, ~Copyable {
  private var connection: RedisConnection

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FloorStrategy<Kind> {
    var connection = try RedisConnection(configuration, worker)
    try await connection.open()
    return FloorStrategy(connection: connection)
  }

  /// One command, whatever the answer.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    connection.request.clear()
    switch Kind.command {
    case .ping:
      connection.request.command(words: 1)
      connection.request.append("PING")
    case .set:
      connection.request.command(words: 6)
      connection.request.append("SET")
      connection.request.append(connection.configuration.locks, attempt.operation[0].key)
      connection.request.append("0123456789")
      connection.request.append("NX")
      connection.request.append("PX")
      connection.request.append(10000)
    case .get:
      connection.request.command(words: 2)
      connection.request.append("GET")
      connection.request.append(connection.configuration.records, attempt.operation[0].key)
    }
    try await connection.perform(1, decides: false, &attempt)
    return .committed
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}
