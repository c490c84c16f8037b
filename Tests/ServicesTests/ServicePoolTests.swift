import Model
import Testing

@testable import Services

/// The services of a run.
@Suite struct ServicePoolTests {
  @Test func startsEachManagedServiceOnce() throws {
    let pool = ServicePool(settings: ServiceSettings(), options: Support.options)
    #expect(pool.endpoint("redis") == nil)
    let first = try pool.start(["redis", "redis"])
    let second = try pool.start(["redis"])
    #expect(first.count == 2 && first[0] == first[1] && second == [first[0]])
    #expect(pool.running.count == 1)
    #expect(first[0].isManaged)
    #expect(try Support.redis(first[0].url, "PING") == "PONG")
    pool.stop()
    #expect(pool.running.isEmpty)
    #expect(pool.endpoint("redis") == nil)
    pool.stop()
  }

  @Test func startsSeveralSideBySide() throws {
    let pool = ServicePool(settings: ServiceSettings(), options: Support.options)
    defer { pool.stop() }
    let endpoints = try pool.start(["postgres", "redis"])
    #expect(endpoints.map(\.name) == ["postgres", "redis"])
    #expect(try Support.psql(endpoints[0].url, "select 1") == "1")
    #expect(try Support.redis(endpoints[1].url, "PING") == "PONG")
  }

  @Test func startsAPoolerInFrontOfItsServer() throws {
    let pool = ServicePool(settings: ServiceSettings(), options: Support.options)
    defer { pool.stop() }
    // Whatever the order in which they are asked for.
    let endpoints = try pool.start(["pgbouncer", "postgres"])
    #expect(endpoints.map(\.name) == ["pgbouncer", "postgres"])
    let question = "select current_setting('unix_socket_directories')"
    #expect(try Support.psql(endpoints[0].url, question) == Support.psql(endpoints[1].url, question))
    let console = endpoints[0].url.replacing("/postgres?", with: "/pgbouncer?")
    #expect(try Support.psql(console, "show config")?.contains("pool_mode|transaction") == true)
    let directory = try Support.directory(of: try #require(pool.service("pgbouncer")))
    #expect(Support.exists(directory))
    pool.stop()
    #expect(!Support.exists(directory))
  }

  @Test func aPoolerIsNotStartedInFrontOfAServerThatIsNotOurs() throws {
    let settings = ServiceSettings(locations: ["postgres": .url("postgresql://db.example/shop")])
    let pool = ServicePool(settings: settings, options: Support.options)
    let failure = #expect(throws: ServiceFailure.self) { try pool.start(["postgres", "pgbouncer"]) }
    #expect(try #require(failure).message.contains("services.pgbouncer"))
    #expect(pool.running.isEmpty)
  }

  @Test func passesURLsOnAndStartsNothingForThem() throws {
    let url = "postgresql://user:secret@db.example/shop"
    let pool = ServicePool(settings: ServiceSettings(locations: ["postgres": .url(url)]), options: Support.options)
    #expect(try pool.start(["postgres"]) == [Endpoint(name: "postgres", url: url, isManaged: false)])
    #expect(pool.running.isEmpty)
    #expect(pool.service("postgres") == nil)
  }

  @Test func failureOfOneStopsThoseThatStartWithIt() throws {
    let pool = ServicePool(settings: ServiceSettings(), options: Support.options)
    defer { pool.stop() }
    #expect(
      throws: ServiceFailure(
        "cannot start a service 'oracle' (known: postgres, postgres-replicas, pgbouncer, redis, redlock, redis-replicas, redis-sentinel, lock-files, sqlite, zookeeper, mariadb, etcd, memcached, rabbitmq); give its URL under services.oracle"
      )
    ) { try pool.start(["redis", "oracle"]) }
    #expect(pool.running.isEmpty)
    // The pool is still of use.
    #expect(try pool.start(["redis"]).count == 1)
  }

  @Test func surveyTellsWhatIsInstalled() throws {
    let survey = InstalledSoftware.survey()
    #expect(
      survey.map(\.services) == [
        ["postgres", "postgres-replicas"], ["pgbouncer"], ["redis", "redlock", "redis-replicas", "redis-sentinel"],
        ["zookeeper"],
        ["mariadb"], ["etcd"], ["memcached"], ["rabbitmq"],
      ])
    #expect(
      survey.map(\.debianPackage) == [
        "postgresql", "pgbouncer", "redis-server", "zookeeper", "mariadb-server", "etcd-server", "memcached",
        "rabbitmq-server",
      ])
    #expect(survey.allSatisfy { $0.program != nil && $0.version?.first?.isNumber == true })
    let nothing = InstalledSoftware.survey(searching: [])
    #expect(nothing.allSatisfy { $0.program == nil && $0.version == nil })
  }
}
