public import Model
public import Runtime

/// Strategies that need Redis, in the order of `contend list`.
public enum RedisRegistry {
  /// Those that work on records in Redis; the floors, which protect nothing and only measure, come last.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    // Not through `records`, which knows neither types: these are what the operation loop is specialised for.
    + RedisLocks().locks(OverFencedRecords(RedisRecords.self, FencedRedisRecords.self, "redis"))
    + [
      StrategyEntry(WatchStrategy.descriptor, WatchStrategy.self),
      StrategyEntry(LuaStrategy.descriptor, LuaStrategy.self),
      StrategyEntry(ClickDedupe.descriptor, Redelivered<ClickDedupe>.self).leaving(ClickAftermath.aftermath),
      StrategyEntry(ClickDedupe.shortLivedDescriptor, Redelivered<ClickDedupe>.self).leaving(ClickAftermath.aftermath),
    ] + Semaphores.strategies + [
      StrategyEntry(PingFloor.descriptor, FloorStrategy<PingFloor>.self),
      StrategyEntry(SetFloor.descriptor, FloorStrategy<SetFloor>.self),
      StrategyEntry(GetFloor.descriptor, FloorStrategy<GetFloor>.self),
    ]

  private static let records = RecordStore(RedisRecords.self, fenced: FencedRedisRecords.self, name: "redis")

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, locks: RedisLocks(),
    records: records,
    services: [
      BackendService(ServiceDescriptor("redis", schemes: ["redis", "rediss", "unix"]), administration),
      // Several URLs, separated by commas.
      BackendService(ServiceDescriptor("redlock", schemes: ["redis", "unix"]), redlockAdministration),
      BackendService(ServiceDescriptor("redis-replicas", schemes: ["redis", "unix"]), replicasAdministration),
      BackendService(ServiceDescriptor("redis-sentinel", schemes: ["redis"]), sentinelAdministration),
    ])

  /// Opens the administration of the run's keys; connects.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try RedisAdministration(url: url, namespace: namespace)
  }

  /// The same for the servers of a Redlock, whose URLs are separated by commas.
  public static func redlockAdministration(
    url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    try RedlockAdministration(url: url, namespace: namespace)
  }

  /// The same for a primary and its replicas, whose URLs are separated by commas.
  public static func replicasAdministration(
    url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    try ReplicasAdministration(url: url, namespace: namespace)
  }

  /// The same for the servers that Sentinels watch; the URLs are those of the Sentinels, separated by commas.
  public static func sentinelAdministration(
    url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    try SentinelAdministration(url: url, namespace: namespace)
  }
}

/// The locks in Redis around records of any store.
public struct RedisLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(leadingFenced: RedisLock.descriptor(over:), RedisLock.self, fence: .none),
      composer.entry(NaiveLock.descriptor(over:), NaiveLock.self),
      composer.entry(NoExpiryLock.descriptor(over:), NoExpiryLock.self),
      composer.entry(RedissonLock.descriptor(over:), HashLock<RedissonLock>.self),
      composer.entry(fencing: FencedLock.descriptor(over:), HashLock<FencedLock>.self, fence: .readAndWrite),
      composer.entry(FairLock.descriptor(over:), HashLock<FairLock>.self),
      composer.entry(Redlock.descriptor(over:), Redlock.self),
      composer.entry(ReplicatedLock.descriptor(over:), ReplicatedLock.self),
      composer.entry(ReplicatedLock.sentinelDescriptor(over:), ReplicatedLock.self),
      composer.entry(ShedLock.descriptor(over:), ShedLock.self),
      composer.entry(SpringLock.descriptor(over:), SpringLock.self),
    ]
  }
}

extension StrategyDescriptor {
  /// A lock in Redis over one of the stores that it composes with.
  static func redisLock(
    _ name: String, aliases: [String] = [], _ summary: String, _ documentation: Documentation, over store: String,
    options: [OptionSpecification],
    grade: Grade = .forbidden, roundTripsUnderLock: Int? = nil
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "redis." + name, aliases: aliases, summary: summary, documentation: documentation, needs: ["redis"],
      store: store, stores: [store], options: options, scope: .network, threading: .shared,
      grade: grade, returnsValues: true, roundTripsUnderLock: roundTripsUnderLock ?? (store == "memory" ? 1 : 3))
  }
}
