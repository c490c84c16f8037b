internal import MemoryStrategies
internal import Model
internal import PostgresStrategies
internal import RedisStrategies
internal import Runtime

#if SQLite
internal import SQLiteStrategies
#endif
#if ZooKeeper
internal import ZooKeeperStrategies
#endif
#if MariaDB
internal import MariaDBStrategies
#endif
#if Etcd
internal import EtcdStrategies
#endif
#if Memcached
internal import MemcachedStrategies
#endif
#if DynamoDB
internal import DynamoDBStrategies
#endif

/// The backends that are traits of the package, as far as they are built in: the same parts as the others have.
enum FurtherBackends {
  static var strategies: [StrategyEntry] {
    var entries: [StrategyEntry] = []
    #if SQLite
    entries += SQLiteRegistry.strategies
    #endif
    #if ZooKeeper
    entries += ZooKeeperRegistry.strategies
    #endif
    #if MariaDB
    entries += MariaDBRegistry.strategies
    #endif
    #if Etcd
    entries += EtcdRegistry.strategies
    #endif
    #if Memcached
    entries += MemcachedRegistry.strategies
    #endif
    #if DynamoDB
    entries += DynamoDBRegistry.strategies
    #endif
    return entries
  }

  static var floors: [StrategyEntry] {
    var entries: [StrategyEntry] = []
    #if SQLite
    entries += SQLiteRegistry.floors
    #endif
    #if ZooKeeper
    entries += ZooKeeperRegistry.floors
    #endif
    #if MariaDB
    entries += MariaDBRegistry.floors
    #endif
    #if Etcd
    entries += EtcdRegistry.floors
    #endif
    #if Memcached
    entries += MemcachedRegistry.floors
    #endif
    return entries
  }

  /// Nil when the service is of no backend that is built in.
  static func administration(
    of service: String, url: String, namespace: String
  ) throws(SetupFailure) -> (any StoreAdministration)? {
    switch service {
    #if SQLite
    case "sqlite": return try SQLiteRegistry.administration(url: url, namespace: namespace)
    #endif
    #if ZooKeeper
    case "zookeeper": return try ZooKeeperRegistry.administration(url: url, namespace: namespace)
    #endif
    #if MariaDB
    case "mariadb": return try MariaDBRegistry.administration(url: url, namespace: namespace)
    #endif
    #if Etcd
    case "etcd": return try EtcdRegistry.administration(url: url, namespace: namespace)
    #endif
    #if Memcached
    case "memcached": return try MemcachedRegistry.administration(url: url, namespace: namespace)
    #endif
    #if DynamoDB
    case "dynamodb": return try DynamoDBRegistry.administration(url: url, namespace: namespace)
    #endif
    default: return nil
    }
  }

  /// The lock services of further backends over a store that is always built in.
  static func locks<Store: StoreClient & ~Copyable>(over _: Store.Type, _ store: String) -> [StrategyEntry] {
    var entries: [StrategyEntry] = []
    #if ZooKeeper
    entries += ZooKeeperRegistry.composed(with: Store.self, store: store)
    #endif
    #if MariaDB
    entries += MariaDBRegistry.composed(with: Store.self, store: store)
    #endif
    #if Etcd
    entries += EtcdRegistry.composed(with: Store.self, store: store)
    #endif
    #if Memcached
    entries += MemcachedRegistry.composed(with: Store.self, store: store)
    #endif
    return entries
  }

  /// The lock services over a store of a further backend.
  static func compositions(over store: String) -> [StrategyEntry] {
    switch store {
    #if SQLite
    // Locks of servers would suspend between its statements, and SQLite blocks the thread that others then wait for.
    case "sqlite": return MemoryRegistry.composed(with: SQLiteRecords.self, store: store)
    #endif
    #if MariaDB
    case "mariadb":
      return MemoryRegistry.composed(with: MariaDBRecords.self, store: store)
        + RedisRegistry.composed(with: MariaDBRecords.self, store: store)
        + locks(over: MariaDBRecords.self, store)
    #endif
    #if Memcached
    case "memcached":
      return MemoryRegistry.composed(with: MemcachedRecords.self, store: store)
        + PostgresRegistry.composed(with: MemcachedRecords.self, store: store)
        + RedisRegistry.composed(with: MemcachedRecords.self, store: store)
        + locks(over: MemcachedRecords.self, store)
    #endif
    default: return []
    }
  }
}
