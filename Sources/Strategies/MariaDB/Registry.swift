#if MariaDB
public import Model
public import Runtime

/// Strategies that live in MariaDB, in the order of `contend list`.
public enum MariaDBRegistry {
  /// All of them, over the table `records` in a database of the run.
  public static let strategies: [StrategyEntry] =
    [
      StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self).alsoRunning(lists: MariaDBLists<Autocommit>.self),
      transaction(ReadUncommitted.self), transaction(ReadCommitted.self), transaction(RepeatableRead.self),
      transaction(ForUpdate.self), transaction(LockInShareMode.self), transaction(Serializable.self),
      StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
      StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
      StrategyEntry(CountThenInsertStrategy.descriptor, CountThenInsertStrategy.self),
      StrategyEntry(MariaDBScripts.descriptor, ScriptStrategy<MariaDBScripts>.self),
    ] + MariaDBLocks().locks(OverRecords(MariaDBRecords.self, "mariadb"))

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(SelectFloor.descriptor, SelectFloor.self)]

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors, locks: MariaDBLocks(),
    records: RecordStore(MariaDBRecords.self, fenced: FencedMariaDBRecords.self, name: "mariadb"),
    services: [BackendService(ServiceDescriptor("mariadb", schemes: ["mariadb", "mysql"]), administration)])

  /// Opens the administration of the run's database; connects.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try MariaDBAdministration(url: url, namespace: namespace)
  }

  private static func transaction<Kind: TransactionKind>(_: Kind.Type) -> StrategyEntry {
    let entry = StrategyEntry(Kind.descriptor, TransactionStrategy<Kind>.self)
    return Kind.descriptor.lists == nil ? entry : entry.alsoRunning(lists: MariaDBLists<Kind>.self)
  }
}

/// The lock of MariaDB around records of any store.
public struct MariaDBLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(GetLock.descriptor(over:), GetLock.self)
    ]
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func mariadb(
    _ name: String, _ summary: String, _ documentation: Documentation, options: [OptionSpecification] = [],
    grade: Grade = .forbidden, roundTripsUnderLock: Int = 0, lists: ListTransactions? = nil
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "mariadb." + name, summary: summary, documentation: documentation, needs: ["mariadb"], store: "mariadb",
      options: MariaDBConfiguration.options + options, scope: .network, threading: .perConnection, grade: grade,
      returnsValues: true, roundTripsUnderLock: roundTripsUnderLock, lists: lists)
  }
}
#endif
