import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension TrialServer {
  /// The private server of a service.
  ///
  /// - Parameter url: where the workers connect, when there is something in between.
  init(_ service: String, at url: String? = nil) throws {
    let direct = try PrivateService.url(service)
    self.init(service, url: url ?? direct) {
      try StrategyCatalog.administration(of: service, url: direct, namespace: $0)
    }
  }
}

/// What a private server does in a fraction of a second.
private struct Pace {
  var operations = 300
  var base = Duration.microseconds(50)
  var cap = Duration.milliseconds(5)

  static let ofServices = [
    "postgres": Pace(operations: 800, base: .milliseconds(1), cap: .milliseconds(20)), "redis": Pace(operations: 2000),
  ]
}

extension Trial {
  /// A strategy of the catalogue, at the private servers that it needs.
  init(
    _ strategy: String, over store: String? = nil, _ kind: String = "counter", keys: Int = 1,
    _ options: [String: OptionValue] = [:]
  ) throws {
    let workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
    try self.init(strategy, over: store, workload)
  }

  init(_ strategy: String, over store: String? = nil, _ workload: WorkloadSettings) throws {
    try self.init(served: #require(StrategyCatalog.entry(id: strategy, over: store), "\(strategy)"), workload)
  }

  init(_ planned: TrialCase) throws {
    try self.init(planned.strategy, planned.workload)
    options = planned.options
  }

  /// A strategy that is in no catalogue, at the private servers that its descriptor names.
  init(planted entry: StrategyEntry, _ kind: String = "counter", keys: Int = 1) throws {
    try self.init(served: entry, WorkloadSettings(kind: kind, keys: keys))
  }

  private init(served entry: StrategyEntry, _ workload: WorkloadSettings) throws {
    self.init(entry, workload)
    let services = entry.descriptor.services(over: entry.descriptor.store)
    servers = try services.map { try TrialServer($0) }
    let pace = services.first.flatMap { Pace.ofServices[$0] } ?? Pace()
    operations = pace.operations
    (retry.base, retry.cap) = (pace.base, pace.cap)
  }

  /// Where the workers connect.
  var url: String {
    get { servers[0].url }
    set { servers[0].url = newValue }
  }
}
