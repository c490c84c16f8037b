public import Model
public import Runtime

/// Strategies that need Redis, in the order of `contend list`.
public enum RedisRegistry {
  /// Those that work on records in Redis; the floors, which protect nothing and only measure, come last.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    + composed(with: RedisRecords.self, store: "redis")
    + [
      StrategyEntry(WatchStrategy.descriptor, WatchStrategy.self),
      StrategyEntry(LuaStrategy.descriptor, LuaStrategy.self),
      StrategyEntry(FencedLockStrategy.descriptor, FencedLockStrategy.self),
      StrategyEntry(PingFloor.descriptor, FloorStrategy<PingFloor>.self),
      StrategyEntry(SetFloor.descriptor, FloorStrategy<SetFloor>.self),
      StrategyEntry(GetFloor.descriptor, FloorStrategy<GetFloor>.self),
    ]

  /// The locks in Redis around records of any store.
  public static func composed<Store: StoreClient & ~Copyable>(with _: Store.Type, store: String) -> [StrategyEntry] {
    [
      StrategyEntry(RedisLock.descriptor(over: store), Locked<RedisLock, Store>.self),
      StrategyEntry(NaiveLock.descriptor(over: store), Locked<NaiveLock, Store>.self),
      StrategyEntry(NoExpiryLock.descriptor(over: store), Locked<NoExpiryLock, Store>.self),
      StrategyEntry(RedissonLock.descriptor(over: store), Locked<HashLock<RedissonLock>, Store>.self),
      StrategyEntry(FairLock.descriptor(over: store), Locked<HashLock<FairLock>, Store>.self),
      StrategyEntry(Redlock.descriptor(over: store), Locked<Redlock, Store>.self),
      StrategyEntry(ShedLock.descriptor(over: store), Locked<ShedLock, Store>.self),
      StrategyEntry(SpringLock.descriptor(over: store), Locked<SpringLock, Store>.self),
    ]
  }

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
}

extension StrategyDescriptor {
  /// A lock in Redis over one of the stores that it composes with.
  static func redisLock(
    _ name: String, aliases: [String] = [], _ summary: String, over store: String, options: [OptionSpecification],
    grade: Grade = .forbidden, roundTripsUnderLock: Int? = nil
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "redis." + name, aliases: aliases, summary: summary, needs: ["redis"], store: store,
      stores: ["redis", "memory", "postgres"], options: options, scope: .network, threading: .shared, grade: grade,
      returnsValues: true, roundTripsUnderLock: roundTripsUnderLock ?? (store == "memory" ? 1 : 3))
  }
}
