internal import Compositions
internal import ExternalStrategies
internal import MemoryStrategies
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
#if RabbitMQ
internal import RabbitMQStrategies
#endif

extension StrategyCatalog {
  /// The backends of this binary, in the order of `contend list`: the one place that names them all.
  static let backends: [BackendEntry] = {
    var backends = [
      MemoryRegistry.backend, HostRegistry.backend, PostgresRegistry.backend, RedisRegistry.backend,
    ]
    #if SQLite
    backends.append(SQLiteRegistry.backend)
    #endif
    #if ZooKeeper
    backends.append(ZooKeeperRegistry.backend)
    #endif
    #if MariaDB
    backends.append(MariaDBRegistry.backend)
    #endif
    #if Etcd
    backends.append(EtcdRegistry.backend)
    #endif
    #if Memcached
    backends.append(MemcachedRegistry.backend)
    #endif
    #if DynamoDB
    backends.append(DynamoDBRegistry.backend)
    #endif
    #if RabbitMQ
    backends.append(RabbitMQRegistry.backend)
    #endif
    backends.append(ExternalRegistry.backend)
    return backends + ShardRegistry.backends
  }()
}
