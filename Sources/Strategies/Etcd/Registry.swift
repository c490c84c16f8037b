#if Etcd
public import Model
public import Runtime

/// Strategies that need etcd, in the order of `contend list`.
public enum EtcdRegistry {
  /// Those that work on records in etcd.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    // Not through `records`, which knows neither types: these are what the operation loop is specialised for.
    + EtcdLocks().locks(OverFencedRecords(EtcdRecords.self, FencedEtcdRecords.self, "etcd"))
    + [
      StrategyEntry(TxnStrategy.descriptor, TxnStrategy.self), StrategyEntry(STMStrategy.descriptor, STMStrategy.self),
    ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(RangeFloor.descriptor, RangeFloor.self)]

  private static let records = RecordStore(EtcdRecords.self, fenced: FencedEtcdRecords.self, name: "etcd")

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors, locks: EtcdLocks(),
    records: records,
    services: [
      BackendService(ServiceDescriptor("etcd", schemes: ["http", "https"], hasEnsembles: true), administration)
    ])

  /// Opens the administration of the run's keys; connects.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try EtcdAdministration(url: url, namespace: namespace)
  }
}

/// The locks in etcd around records of any store.
public struct EtcdLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(
        leadingFenced: {
          .etcdLock(
            "lock", "queue of keys under leases, each waits for the one before it", EtcdLock.documentation, over: $0)
        }, EtcdLock.self, fence: .none),
      composer.entry(
        fencing: {
          .etcdLock(
            "lock-service", "the same queue, in which the server waits for us", EtcdLockService.documentation, over: $0)
        }, EtcdLockService.self, fence: .none),
      composer.entry(leadingFenced: EtcdLease.descriptor(over:), ObservedLease<EtcdLeases>.self, fence: .none),
    ]
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func etcd(
    _ name: String, _ summary: String, _ documentation: Documentation, grade: Grade = .forbidden
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "etcd." + name, summary: summary, documentation: documentation, needs: ["etcd"], store: "etcd",
      options: EtcdConfiguration.options, scope: .network, threading: .shared, grade: grade, returnsValues: true)
  }

  /// A lock of this backend around a store: to read, to write, and to give the lock back takes a round trip each; memory
  /// needs none.
  static func etcdLock(
    _ name: String, _ summary: String, _ documentation: Documentation, over store: String
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "etcd." + name, summary: summary, documentation: documentation, needs: ["etcd"], store: store,
      stores: [store], options: EtcdConfiguration.options + lockOptions,
      scope: .network, threading: .shared, returnsValues: true, roundTripsUnderLock: store == "memory" ? 1 : 3)
  }

  private static let lockOptions = [
    OptionSpecification(
      "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(10)),
      "How long to wait for a lock before the attempt fails as not-acquired.")
  ]
}
#endif
