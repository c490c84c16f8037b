import Model
import Testing

/// Records over several databases.
struct ShardingTests {
  @Test("values are spread and merged again, whatever their number", arguments: [0, 1, 3, 4, 7], [1, 2, 3, 4])
  func merging(count: Int, shards: Int) {
    let sharding = Sharding(over: (0..<shards).map { "database \($0)" })
    let values = (0..<count).map { Int64($0 * 10) }
    let parts = (0..<shards).map { sharding.values(values, of: $0) }
    #expect(sharding.merged(parts) == values)
    for (key, value) in values.enumerated() {
      let part = parts[sharding.shard(of: Int32(key))]
      #expect(part[Int(sharding.local(Int32(key)))] == value)
    }
  }

  @Test("databases are named after their services")
  func names() throws {
    #expect(ShardedStore.sharding(of: "postgres", shards: 3) == nil)
    #expect(
      ShardedStore.sharding(of: "postgres-shards", shards: 3)?.services == ["postgres", "postgres-2", "postgres-3"])
    #expect(
      ShardedStore.sharding(of: "mixed-shards", shards: 4)?.services
        == ["postgres", "mariadb", "postgres-2", "mariadb-2"])
    let second = try #require(ShardedStore.furtherInstance("mariadb-2"))
    #expect(second == ("mariadb", 2))
    for name in ["mariadb", "redis-2", "postgres-5", "postgres-shards"] {
      #expect(ShardedStore.furtherInstance(name) == nil, "\(name)")
    }
    #expect(ShardedStore.namespace("run", in: "postgres") == "run")
    #expect(ShardedStore.namespace("run", in: "postgres-2") == "run_2")
  }

  @Test("databases of one server are told by their addresses, whoever logs in")
  func oneServer() {
    let settings = ServiceSettings(locations: [
      "postgres": .url("postgresql://ann:secret@db:5432/one"), "postgres-2": .url("postgresql://bob@db:5432/two"),
      "postgres-3": .url("postgresql://db:5433/one"), "mariadb": .url("mariadb://root@localhost?socket=/run/m.sock"),
      "mariadb-2": .url("mariadb://root@localhost/x?ssl=off&socket=/run/m.sock"), "redis": .managed,
    ])
    let all = ["postgres", "postgres-2", "postgres-3", "mariadb", "mariadb-2", "redis", "etcd"]
    #expect(settings.databasesOfOneServer(among: all) == [["mariadb", "mariadb-2"], ["postgres", "postgres-2"]])
    #expect(settings.databasesOfOneServer(among: ["postgres", "postgres-3"]).isEmpty)
  }
}
