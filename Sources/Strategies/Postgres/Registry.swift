public import Model
public import Runtime

/// Strategies that live in PostgreSQL, in the order of `contend list`.
public enum PostgresRegistry {
  /// All of them, over the table `records`.
  public static let strategies: [StrategyEntry] =
    [
      StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self),
      rowLock(ForUpdateLock.self), rowLock(ForNoKeyUpdateLock.self), rowLock(ForShareUpgradeLock.self),
      rowLock(NoWaitLock.self), rowLock(LimitedWaitLock.self),
      StrategyEntry(SkipLockedStrategy.descriptor, SkipLockedStrategy.self),
      StrategyEntry(TableLockStrategy.descriptor, TableLockStrategy.self),
      StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
      StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
      StrategyEntry(RepeatableRead.descriptor, SnapshotTransaction<RepeatableRead>.self),
      StrategyEntry(Serializable.descriptor, SnapshotTransaction<Serializable>.self),
      StrategyEntry(CountThenInsertStrategy.descriptor, CountThenInsertStrategy.self),
      StrategyEntry(AdvisoryLockStrategy.descriptor, AdvisoryLockStrategy.self),
      StrategyEntry(PooledAdvisoryLockStrategy.descriptor, PooledAdvisoryLockStrategy.self),
      StrategyEntry(LockRowStrategy.descriptor, LockRowStrategy.self),
    ] + tableLocks(with: PostgresRecords.self, store: "postgres")

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(FloorStrategy.descriptor, FloorStrategy.self)]

  private static func rowLock<Lock: RowLock>(_: Lock.Type) -> StrategyEntry {
    StrategyEntry(Lock.descriptor, RowLocked<Lock>.self)
  }

  /// The locks among them around another store.
  public static func composed<Store: StoreClient & ~Copyable>(
    with _: Store.Type, store: String
  ) -> [StrategyEntry] {
    [StrategyEntry(AdvisoryLockStrategy.descriptor(over: store), Locked<AdvisoryLockClient, Store>.self)]
      + tableLocks(with: Store.self, store: store)
  }

  /// Locks that are rows, on a connection of their own beside that of the records.
  private static func tableLocks<Store: StoreClient & ~Copyable>(with _: Store.Type, store: String) -> [StrategyEntry] {
    [
      StrategyEntry(
        InsertOnConflict.descriptor(over: store), Locked<LockTableClient<InsertOnConflict>, Store>.self),
      StrategyEntry(ShedLockTable.descriptor(over: store), Locked<LockTableClient<ShedLockTable>, Store>.self),
      StrategyEntry(SpringLockTable.descriptor(over: store), Locked<SpringLockClient, Store>.self),
    ]
  }

  /// Opens the administration of the table `records` in a schema of its own; connects when it is first used.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try PostgresAdministration(url: url, namespace: namespace)
  }

  /// Opens the administration of a pooler in front of the server: it holds no records.
  ///
  /// - Parameter url: may hold credentials.
  public static func poolerAdministration(
    url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    try PoolerAdministration(url: url, namespace: namespace)
  }
}
