#if MariaDB
public import Model
public import Runtime

/// Strategies that live in MariaDB, in the order of `contend list`.
public enum MariaDBRegistry {
  /// All of them, over the table `records` in a database of the run.
  public static let strategies: [StrategyEntry] =
    [
      StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self), transaction(RepeatableRead.self),
      transaction(ForUpdate.self), transaction(LockInShareMode.self), transaction(Serializable.self),
      StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
      StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
      StrategyEntry(CountThenInsertStrategy.descriptor, CountThenInsertStrategy.self),
    ] + composed(with: MariaDBRecords.self, store: "mariadb")

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(SelectFloor.descriptor, SelectFloor.self)]

  /// The locks among them around another store.
  public static func composed<Store: StoreClient & ~Copyable>(with _: Store.Type, store: String) -> [StrategyEntry] {
    [StrategyEntry(GetLock.descriptor(over: store), Locked<GetLock, Store>.self)]
  }

  /// Opens the administration of the run's database; connects.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try MariaDBAdministration(url: url, namespace: namespace)
  }

  private static func transaction<Kind: TransactionKind>(_: Kind.Type) -> StrategyEntry {
    StrategyEntry(Kind.descriptor, TransactionStrategy<Kind>.self)
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func mariadb(
    _ name: String, _ summary: String, options: [OptionSpecification] = [], grade: Grade = .forbidden,
    roundTripsUnderLock: Int = 0
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "mariadb." + name, summary: summary, needs: ["mariadb"], store: "mariadb",
      options: MariaDBConfiguration.options + options, scope: .network, threading: .perConnection, grade: grade,
      returnsValues: true, roundTripsUnderLock: roundTripsUnderLock)
  }
}
#endif
