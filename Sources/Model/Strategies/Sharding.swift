/// How the records of a workload are spread over several databases: record `k` lies in database `k mod n`, where it is
/// record `k div n`.
public struct Sharding: Sendable, Equatable, Codable {
  /// The service of each database, in order.
  public let services: [String]

  /// Spreads over these services.
  public init(over services: [String]) { self.services = services }

  /// How many databases there are.
  public var count: Int { services.count }

  /// The database of a record.
  @inlinable @inline(__always) public func shard(of key: Int32) -> Int { Int(key) % services.count }

  /// Which record it is there.
  @inlinable @inline(__always) public func local(_ key: Int32) -> Int32 { key / Int32(services.count) }

  /// The values of one database, of those of all records.
  public func values(_ all: [Int64], of shard: Int) -> [Int64] {
    stride(from: shard, to: all.count, by: count).map { all[$0] }
  }

  /// The values of all records, from those of each database.
  public func merged(_ parts: [[Int64]]) -> [Int64] {
    let total = parts.reduce(0) { $0 + $1.count }
    return (0..<total).compactMap { key in
      let part = parts[key % count]
      return key / count < part.count ? part[key / count] : nil
    }
  }
}

/// Stores that are several databases, by name: over which services their records are spread.
public enum ShardedStore {
  /// The most databases that records are spread over.
  public static let maximumShards = 4

  /// Names, each with the services of which its databases are in turn.
  private static let stores: [(name: String, services: [String])] = [
    ("postgres-shards", ["postgres"]), ("mariadb-shards", ["mariadb"]), ("mixed-shards", ["postgres", "mariadb"]),
  ]

  /// Over what a store spreads its records; nil for a store that is one.
  public static func sharding(of store: String, shards: Int) -> Sharding? {
    guard let services = stores.first(where: { $0.name == store })?.services else { return nil }
    return Sharding(
      over: (0..<shards).map { instance(services[$0 % services.count], $0 / services.count + 1) })
  }

  /// The name of the first, second, ... database of a service: `postgres`, `postgres-2`.
  static func instance(_ service: String, _ number: Int) -> String {
    number == 1 ? service : "\(service)-\(number)"
  }

  /// The service that a name of a database begins with, and its number: `postgres-2` is the second of `postgres`; nil
  /// for a name that is none of a further one.
  public static func furtherInstance(_ name: String) -> (service: String, number: Int)? {
    for service in Set(stores.flatMap(\.services)) {
      for number in 2...maximumShards where name == instance(service, number) { return (service, number) }
    }
    return nil
  }

  /// The further databases of a service over which records can be spread.
  public static func further(_ service: ServiceDescriptor) -> [ServiceDescriptor] {
    guard stores.contains(where: { $0.services.contains(service.name) }) else { return [] }
    return (2...maximumShards).map { ServiceDescriptor(instance(service.name, $0), schemes: service.schemes) }
  }

  /// What the objects of a run are called in the database of a service: databases of one server must not meet.
  public static func namespace(_ namespace: String, in service: String) -> String {
    furtherInstance(service).map { "\(namespace)_\($0.number)" } ?? namespace
  }
}
