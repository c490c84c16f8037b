public import Model

/// Everything that the program knows of a backend that is built in, as one value. The catalog holds one array of them:
/// what is listed, composed and administered follows from it.
public struct BackendEntry: Sendable {
  /// Strategies over their own store, in the order of `contend list`.
  public let strategies: [StrategyEntry]
  /// Null operations, which protect nothing and only measure.
  public let floors: [StrategyEntry]
  /// Its lock services, to be put around records of any store; nil when it has none.
  public let locks: (any LockFamily)?
  /// Its records, for any lock to be put around; nil when it has none, or only under a strategy of its own.
  public let records: RecordStore?
  /// Its services.
  public let services: [BackendService]

  /// Makes an entry.
  public init(
    strategies: [StrategyEntry], floors: [StrategyEntry] = [], locks: (any LockFamily)? = nil,
    records: RecordStore? = nil, services: [BackendService] = []
  ) {
    self.strategies = strategies
    self.floors = floors
    self.locks = locks
    self.records = records
    self.services = services
  }
}

/// A service of a backend, and how the driver reaches it.
public struct BackendService: Sendable {
  /// Opens the administration: connects, blocking. The URL may hold credentials.
  public typealias Administration =
    @Sendable (
      _ url: String, _ namespace: String
    ) throws(SetupFailure) -> any StoreAdministration

  /// What it is.
  public let descriptor: ServiceDescriptor
  /// Opens its administration.
  public let administration: Administration

  /// Makes a service.
  public init(_ descriptor: ServiceDescriptor, _ administration: @escaping Administration) {
    self.descriptor = descriptor
    self.administration = administration
  }
}

/// Unprotected records of a store, as something to put locks around.
public struct RecordStore: Sendable {
  /// Name of the store.
  public let name: String
  /// Points of an operation on them at which faults end processes.
  public let points: [String]
  private let blocks: Bool
  private let compose: @Sendable (any LockFamily) -> [StrategyEntry]

  /// - Parameters:
  ///   - name: name of the store.
  ///   - blocks: whether its client blocks the thread; then only locks that do so too can go around it.
  ///   - points: points of an operation on them at which faults end processes.
  public init<Store: StoreClient & ~Copyable>(
    _: Store.Type, name: String, blocks: Bool = false, points: [String] = []
  ) {
    self.name = name
    self.points = points
    self.blocks = blocks
    compose = { $0.locks(OverRecords(Store.self, name)) }
  }

  /// Records that compare fencing tokens if a scenario says so.
  public init<Store: StoreClient & ~Copyable, FencedStore: FencedStoreClient & ~Copyable>(
    _: Store.Type, fenced _: FencedStore.Type, name: String, blocks: Bool = false
  ) {
    self.name = name
    points = []
    self.blocks = blocks
    compose = { $0.locks(OverFencedRecords(Store.self, FencedStore.self, name)) }
  }

  /// The locks of a backend around these records.
  public func under(_ locks: any LockFamily) -> [StrategyEntry] {
    blocks && locks.suspends ? [] : compose(locks).map { $0.passing(points) }
  }
}
