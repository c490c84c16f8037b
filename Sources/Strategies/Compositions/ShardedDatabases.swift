public import Model
public import Runtime

#if MariaDB
public import MariaDBStrategies
#endif
public import PostgresStrategies

/// A session with one of the databases of a kind over which records are spread, and how it is reached.
public protocol ShardMember: Participant, ~Copyable {
  /// Name of the store that they are together: `postgres-shards`.
  static var store: String { get }
  /// What they are, in words.
  static var words: String { get }
  /// What the workers of a process share of one of them.
  ///
  /// - Parameters:
  ///   - shard: its position.
  ///   - prepares: whether transactions are prepared.
  static func configuration(
    _ environment: StrategyEnvironment, shard: Int, _ sharding: Sharding, prepares: Bool
  ) throws(SetupFailure) -> Configuration
  /// The prepared branches of one of them.
  static func branches(_ environment: StrategyEnvironment, shard: Int) throws(SetupFailure) -> any PreparedBranches
}

extension ShardMember where Self: ~Copyable {
  /// Over which databases the records of a trial are spread.
  static func sharding(_ environment: StrategyEnvironment) throws(SetupFailure) -> Sharding {
    guard let sharding = environment.sharding else { throw SetupFailure("the records lie in one store") }
    return sharding
  }

  /// Of each database.
  static func configurations(
    _ environment: StrategyEnvironment, _ sharding: Sharding, prepares: Bool
  ) throws(SetupFailure) -> [Configuration] {
    var all: [Configuration] = []
    for shard in 0..<sharding.count {
      all.append(try configuration(environment, shard: shard, sharding, prepares: prepares))
    }
    return all
  }
}

extension StrategyEnvironment {
  /// How long a record may be waited for; nil where a strategy has no such option.
  fileprivate var lockTimeout: Duration? {
    if case .duration(let limit) = options.values["lock-timeout"], limit > .zero { limit } else { nil }
  }
}

/// `postgres`, `postgres-2`, ...
extension PostgresParticipant: ShardMember {
  /// `postgres-shards`.
  public static var store: String { "postgres-shards" }
  /// In words.
  public static var words: String { "several PostgreSQL databases" }

  /// A session of PostgreSQL.
  public static func configuration(
    _ environment: StrategyEnvironment, shard: Int, _ sharding: Sharding, prepares: Bool
  ) throws(SetupFailure) -> Configuration {
    try configuration(
      try environment.database(shard), sharding, lockTimeout: environment.lockTimeout, prepares: prepares)
  }

  /// `pg_prepared_xacts`.
  public static func branches(
    _ environment: StrategyEnvironment, shard: Int
  ) throws(SetupFailure) -> any PreparedBranches {
    try PostgresBranches(try environment.database(shard))
  }
}

#if MariaDB
/// `mariadb`, `mariadb-2`, ...
extension MariaDBParticipant: ShardMember {
  /// `mariadb-shards`.
  public static var store: String { "mariadb-shards" }
  /// In words.
  public static var words: String { "several MariaDB databases" }

  /// A session of MariaDB.
  public static func configuration(
    _ environment: StrategyEnvironment, shard: Int, _ sharding: Sharding, prepares: Bool
  ) throws(SetupFailure) -> Configuration {
    try configuration(try environment.database(shard), sharding, lockTimeout: environment.lockTimeout)
  }

  /// `XA RECOVER`.
  public static func branches(
    _ environment: StrategyEnvironment, shard: Int
  ) throws(SetupFailure) -> any PreparedBranches {
    try MariaDBBranches(try environment.database(shard))
  }
}

/// `postgres`, `mariadb`, `postgres-2`, ...
extension MixedParticipant: ShardMember {
  /// `mixed-shards`.
  public static var store: String { "mixed-shards" }
  /// In words.
  public static var words: String { "PostgreSQL and MariaDB in turn" }

  /// A session of either.
  public static func configuration(
    _ environment: StrategyEnvironment, shard: Int, _ sharding: Sharding, prepares: Bool
  ) throws(SetupFailure) -> Configuration {
    shard % 2 == 0
      ? .postgres(
        try PostgresParticipant.configuration(environment, shard: shard, sharding, prepares: prepares))
      : .mariadb(try MariaDBParticipant.configuration(environment, shard: shard, sharding, prepares: prepares))
  }

  /// Those of either.
  public static func branches(
    _ environment: StrategyEnvironment, shard: Int
  ) throws(SetupFailure) -> any PreparedBranches {
    shard % 2 == 0
      ? try PostgresParticipant.branches(environment, shard: shard)
      : try MariaDBParticipant.branches(environment, shard: shard)
  }
}
#endif
