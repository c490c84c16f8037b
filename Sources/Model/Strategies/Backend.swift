/// A backend beyond memory, PostgreSQL and Redis. Each is a trait of the package, so that only its users need its
/// libraries.
public struct Backend: Sendable, Equatable {
  /// What the ids of its strategies begin with; also the name of its store and of its service.
  public let name: String
  /// The package trait that builds it.
  public let trait: String
  /// Debian packages: the library to build with, the server to run, as far as it needs them.
  public let packages: [String]

  private init(_ name: String, trait: String, packages: [String]) {
    self.name = name
    self.trait = trait
    self.packages = packages
  }

  /// All of them, whether or not they are built in. One a line: `scripts/backends` reads these lines.
  public static let further = [
    Backend("sqlite", trait: "SQLite", packages: ["libsqlite3-dev"]),
    Backend("zookeeper", trait: "ZooKeeper", packages: ["libzookeeper-st-dev", "zookeeper"]),
    Backend("mariadb", trait: "MariaDB", packages: ["libmariadb-dev", "mariadb-server"]),
    Backend("etcd", trait: "Etcd", packages: ["libnghttp2-dev", "libssl-dev", "etcd-server"]),
    Backend("memcached", trait: "Memcached", packages: ["memcached"]),
    Backend("dynamodb", trait: "DynamoDB", packages: ["libssl-dev"]),
    Backend("rabbitmq", trait: "RabbitMQ", packages: ["librabbitmq-dev", "rabbitmq-server"]),
  ]

  /// The one that a strategy or store belongs to: `sqlite`, `sqlite.immediate`, `floor.sqlite-select`; that every second of
  /// mixed shards belongs to: `mixed-shards.two-phase-commit`; or that a saga over other stores needs to carry its messages:
  /// `postgres-shards.saga-rabbitmq`.
  public static func further(of name: String) -> Backend? {
    let words = name.split { $0 == "." || $0 == "-" }
    let first = words.first == "floor" ? words.dropFirst().first : words.first
    let own = first == "mixed" ? "mariadb" : first.map(String.init)
    return further.first { $0.name == own || name.hasSuffix(".saga-" + $0.name) }
  }

  /// What to do when it is not built in; the rest of a sentence about a strategy or store.
  public var remedy: String {
    "is in the trait \(trait), which is not built in: build with 'swift build --traits \(trait)', or run through "
      + "scripts/contend, which does it"
  }
}
