// swift-tools-version: 6.2
// Targets are dependency boundaries: C types stay in their backend's target, Yams in ScenarioReader,
// ArgumentParser in contend, and Foundation off the path of the workers.
import PackageDescription

let package = Package(
  name: "contend",
  products: [.executable(name: "contend", targets: ["contend"])],
  // Backends that need more than libpq-dev and libhiredis-dev; none by default. Their sources open with `#if TRAIT`,
  // because a plain build compiles every target. `Backend.further` says what each needs.
  traits: [
    .trait(name: "SQLite", description: "Strategies on SQLite; needs libsqlite3-dev."),
    .trait(name: "ZooKeeper", description: "Strategies on ZooKeeper; needs libzookeeper-st-dev."),
    .trait(name: "MariaDB", description: "Strategies on MariaDB; needs libmariadb-dev."),
    .trait(name: "Etcd", description: "Strategies on etcd; needs libnghttp2-dev and libssl-dev."),
    .trait(name: "DynamoDB", description: "Strategies on DynamoDB; needs libssl-dev."),
    .trait(name: "Memcached", description: "Strategies on memcached; needs the server, no library."),
    .trait(name: "RabbitMQ", description: "Sagas over RabbitMQ; needs librabbitmq-dev."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // MARK: C libraries
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZooKeeper", providers: [.apt(["libzookeeper-st-dev"])]),
    .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),

    // MARK: values and pure functions
    .target(name: "Model"),
    .target(name: "Words", dependencies: ["Model"]),
    .target(name: "Workloads", dependencies: ["Model", "Checking", "Scripts"]),
    .target(name: "Scripts", dependencies: ["Model"]),
    .target(name: "Checking", dependencies: ["Model", "Scripts"]),
    .target(
      name: "ScenarioReader",
      dependencies: ["Model", "Words", "Scripts", .product(name: "Yams", package: "Yams")]),
    .target(name: "Results", dependencies: ["Model", "Words", "COpenSSL", "CLinux"]),
    .target(name: "Terminal", dependencies: ["Model", "Words"]),
    .target(name: "Charts", dependencies: ["Words"]),
    .target(name: "Analysis", dependencies: ["Model", "Words", "Results"]),
    .target(name: "Report", dependencies: ["Model", "Words", "Results", "Analysis", "Charts"]),
    .target(name: "Gate", dependencies: ["Model", "Words", "Results", "Analysis", "Charts"]),

    // MARK: what runs
    .target(name: "Runtime", dependencies: ["Model", "Scripts", "CLinux"]),
    .target(name: "Hosts", dependencies: ["Model", "Runtime", "CLinux", "COpenSSL"]),
    .target(name: "Services", dependencies: ["Model", "Proxy", "CLinux"]),
    .target(name: "Proxy", dependencies: ["Model", "Runtime", "CLinux"]),
    .target(
      name: "MemoryStrategies", dependencies: ["Model", "Runtime", "CLinux"], path: "Sources/Strategies/Memory"),
    .target(
      name: "PostgresStrategies", dependencies: ["Model", "Runtime", "Checking", "Scripts", "CLibpq"],
      path: "Sources/Strategies/Postgres"),
    .target(
      name: "RedisStrategies", dependencies: ["Model", "Checking", "Runtime", "CHiredis"],
      path: "Sources/Strategies/Redis"),
    .target(
      name: "SQLiteStrategies",
      dependencies: ["Model", "Runtime", "Scripts", .target(name: "CSQLite", condition: .when(traits: ["SQLite"]))],
      path: "Sources/Strategies/SQLite"),
    .target(name: "MemcachedStrategies", dependencies: ["Model", "Runtime"], path: "Sources/Strategies/Memcached"),
    .target(
      name: "ZooKeeperStrategies",
      dependencies: ["Model", "Runtime", .target(name: "CZooKeeper", condition: .when(traits: ["ZooKeeper"]))],
      path: "Sources/Strategies/ZooKeeper"),
    .target(
      name: "MariaDBStrategies",
      dependencies: ["Model", "Runtime", "Scripts", .target(name: "CMariaDB", condition: .when(traits: ["MariaDB"]))],
      path: "Sources/Strategies/MariaDB"),
    .target(
      name: "NetworkTransport",
      dependencies: ["Model", "Runtime", "COpenSSL"], path: "Sources/Strategies/Transport"),
    .target(
      name: "EtcdStrategies",
      dependencies: [
        "Model", "Runtime", "NetworkTransport", .target(name: "CNghttp2", condition: .when(traits: ["Etcd"])),
      ],
      path: "Sources/Strategies/Etcd"),
    .target(
      name: "DynamoDBStrategies",
      dependencies: [
        "Model", "Runtime", "NetworkTransport", .target(name: "COpenSSL", condition: .when(traits: ["DynamoDB"])),
      ],
      path: "Sources/Strategies/DynamoDB"),
    .target(
      name: "RabbitMQStrategies",
      dependencies: ["Model", "Runtime", .target(name: "CRabbitMQ", condition: .when(traits: ["RabbitMQ"]))],
      path: "Sources/Strategies/RabbitMQ"),
    .target(
      name: "Compositions",
      dependencies: [
        "Model", "Runtime", "Checking", "PostgresStrategies", "RedisStrategies",
        .target(name: "MariaDBStrategies", condition: .when(traits: ["MariaDB"])),
        .target(name: "RabbitMQStrategies", condition: .when(traits: ["RabbitMQ"])),
      ],
      path: "Sources/Strategies/Compositions"),
    .target(
      name: "ExternalStrategies", dependencies: ["Model", "Runtime", "MemoryStrategies", "CLinux"],
      path: "Sources/Strategies/External"),
    .target(
      name: "StrategyCatalog",
      dependencies: [
        "Model", "Runtime", "Compositions", "MemoryStrategies", "PostgresStrategies", "RedisStrategies",
        "ExternalStrategies",
        .target(name: "SQLiteStrategies", condition: .when(traits: ["SQLite"])),
        .target(name: "ZooKeeperStrategies", condition: .when(traits: ["ZooKeeper"])),
        .target(name: "MariaDBStrategies", condition: .when(traits: ["MariaDB"])),
        .target(name: "EtcdStrategies", condition: .when(traits: ["Etcd"])),
        .target(name: "MemcachedStrategies", condition: .when(traits: ["Memcached"])),
        .target(name: "DynamoDBStrategies", condition: .when(traits: ["DynamoDB"])),
        .target(name: "RabbitMQStrategies", condition: .when(traits: ["RabbitMQ"])),
      ],
      path: "Sources/Strategies/Catalog"),
    .target(
      name: "Engine",
      dependencies: [
        "Model", "Words", "Workloads", "Checking", "Scripts", "Runtime", "Services", "Proxy", "StrategyCatalog",
        "Hosts",
        "CLinux",
      ]),
    .target(
      name: "Runs",
      dependencies: [
        "Model", "Words", "Workloads", "ScenarioReader", "Runtime", "Services", "StrategyCatalog", "Engine", "Results",
        "Gate", "Hosts", "CLinux",
      ]),
    .executableTarget(
      name: "contend",
      dependencies: [
        "Model", "Words", "Workloads", "ScenarioReader", "Runtime", "Services", "StrategyCatalog", "Engine", "Results",
        "Terminal", "Analysis", "Report", "Gate", "Runs", "CLinux", "Checking", "ExternalStrategies", "Hosts",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: tests
    .target(name: "VirtualTime", path: "Tests/VirtualTime"),
    .target(
      name: "TrialSupport", dependencies: ["Model", "Workloads", "Checking", "Runtime", "VirtualTime"],
      path: "Tests/TrialSupport"),
    .testTarget(name: "ModelTests", dependencies: ["Model", "Workloads"]),
    .testTarget(name: "ScriptsTests", dependencies: ["Model", "Scripts"]),
    .testTarget(name: "WordsTests", dependencies: ["Words"]),
    .testTarget(name: "CheckingTests", dependencies: ["Model", "Checking", "Scripts", "Workloads"]),
    .testTarget(
      name: "RuntimeTests",
      dependencies: [
        "Model", "Workloads", "Checking", "Scripts", "Runtime", "MemoryStrategies", "CLinux", "TrialSupport",
        "VirtualTime",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]),
    .testTarget(
      name: "ScenarioReaderTests", dependencies: ["Model", "ScenarioReader", "Workloads", "StrategyCatalog", "Runs"],
      exclude: ["Fixtures"]),
    .testTarget(name: "ResultsTests", dependencies: ["Model", "Results"]),
    .testTarget(name: "TerminalTests", dependencies: ["Model", "Words", "Terminal"]),
    .testTarget(name: "AnalysisTests", dependencies: ["Model", "Analysis", "Results"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"], exclude: ["Golden"]),
    .testTarget(
      name: "GateTests", dependencies: ["Model", "Results", "Analysis", "Gate"], exclude: ["Golden"]),
    .testTarget(
      name: "HostsTests", dependencies: ["Hosts", "Model", .product(name: "Yams", package: "Yams")],
      exclude: ["Data"]),
    .testTarget(name: "ServicesTests", dependencies: ["contend", "Model", "Services"]),
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "Model", "Workloads", "Checking", "Runtime", "Services", "MemoryStrategies", "PostgresStrategies",
        "RedisStrategies", "NetworkTransport", "Proxy", "StrategyCatalog", "Engine", "contend", "TrialSupport", "Hosts",
        "ExternalStrategies",
        .target(name: "SQLiteStrategies", condition: .when(traits: ["SQLite"])),
        .target(name: "ZooKeeperStrategies", condition: .when(traits: ["ZooKeeper"])),
        .target(name: "MariaDBStrategies", condition: .when(traits: ["MariaDB"])),
        .target(name: "EtcdStrategies", condition: .when(traits: ["Etcd"])),
        .target(name: "MemcachedStrategies", condition: .when(traits: ["Memcached"])),
        .target(name: "DynamoDBStrategies", condition: .when(traits: ["DynamoDB"])),
        .target(name: "RabbitMQStrategies", condition: .when(traits: ["RabbitMQ"])),
      ]),
    .testTarget(name: "ExternalTests", dependencies: ["ExternalStrategies", "Model", "Runtime"]),
    .testTarget(
      name: "ReportTests", dependencies: ["Model", "Results", "Report"], exclude: ["Golden"]),
    .testTarget(name: "TidyTests"),
    .testTarget(
      name: "CommandLineTests", dependencies: ["contend", "Model", "Results", "Analysis", "StrategyCatalog"]),
  ]
)

// The core alone, for ThreadSanitizer (`scripts/test`): SwiftPM builds every test target, whatever is to be run.
if Context.environment["CONTEND_CORE"] != nil {
  let core: Set = [
    "CLinux", "Model", "Scripts", "Workloads", "Checking", "Runtime", "MemoryStrategies", "VirtualTime", "TrialSupport",
    "ModelTests", "ScriptsTests", "CheckingTests", "RuntimeTests",
  ]
  package.products = []
  package.targets.removeAll { !core.contains($0.name) }
  package.dependencies.removeAll { dependency in
    if case .sourceControl(_, let location, _) = dependency.kind { !location.contains("hdrhistogram") } else { true }
  }
}

// One list of settings for every target of ours. Cross-module optimisation lets the operation loop in Runtime be
// specialised for each strategy in its own target: 20 ns per operation without it, about 1 ns with it.
for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  ]
}
