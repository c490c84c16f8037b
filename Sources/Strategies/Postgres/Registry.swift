public import Model
public import Runtime

/// Strategies that live in PostgreSQL, in the order of `contend list`.
public enum PostgresRegistry {
  /// All of them, over the table `records`.
  public static let strategies: [StrategyEntry] =
    [
      StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self).alsoRunning(lists: PostgresLists<Autocommit>.self),
      rowLock(ForUpdateLock.self).alsoRunning(lists: PostgresLists<LockedLists>.self), rowLock(ForNoKeyUpdateLock.self),
      rowLock(ForShareUpgradeLock.self),
      rowLock(NoWaitLock.self), rowLock(LimitedWaitLock.self),
      StrategyEntry(SkipLockedStrategy.descriptor, SkipLockedStrategy.self),
      StrategyEntry(TableLockStrategy.descriptor, TableLockStrategy.self),
      StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
      StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
      snapshot(ReadCommitted.self), snapshot(RepeatableRead.self), snapshot(Serializable.self),
      StrategyEntry(CountThenInsertStrategy.descriptor, CountThenInsertStrategy.self),
      events(EventAppend.self), events(EventStreamRow.self), events(EventCategoryLock.self),
      events(EventNaivePoller.self),
      StrategyEntry(AdvisoryLockStrategy.descriptor.leading, AdvisoryLockStrategy.self)
        .alsoLeading(AdvisoryLockClient.self, PostgresRecords.self),
      StrategyEntry(PooledAdvisoryLockStrategy.descriptor, PooledAdvisoryLockStrategy.self),
      StrategyEntry(AdvisoryPermits.descriptor, Surrounded<AdvisoryPermits, AtomicStrategy>.self)
        .leaving(PermitTables.aftermath),
    ] + PostgresLocks().tableLocks(OverFencedRecords(PostgresRecords.self, FencedPostgresRecords.self, "postgres"))
    + [
      payment(IdempotencyKeyStrategy.descriptor, IdempotencyKeyStrategy.self),
      payment(CheckThenInsertStrategy.descriptor, CheckThenInsertStrategy.self),
      payment(KeyAfterEffectStrategy.descriptor, KeyAfterEffectStrategy.self),
      payment(KeyRolledBackStrategy.descriptor, KeyRolledBackStrategy.self),
      job(Unguarded.self), job(TickRow.self), job(JobRow.self), job(JobLock.self),
      StrategyEntry(PostgresScripts.descriptor, ScriptStrategy<PostgresScripts>.self),
    ]

  /// Those over a primary and its standbys.
  private static let replicas = [
    replicated(PrimaryReads.self), replicated(ReplicaReads.self), replicated(StickyReads.self),
    replicated(WaitForLSN.self), replicated(RemoteApply.self),
  ]

  /// Those over records in several databases.
  public static let sagas = [
    StrategyEntry(Saga.descriptor, SagaStrategy<Saga>.self).leaving(SagaAftermath.recovering),
    StrategyEntry(SagaNotIdempotent.descriptor, SagaStrategy<SagaNotIdempotent>.self)
      .leaving(SagaAftermath.recovering),
    StrategyEntry(SagaForgets.descriptor, SagaStrategy<SagaForgets>.self).leaving(SagaAftermath.watching),
    StrategyEntry(SagaWithoutTombstones.descriptor, SagaStrategy<SagaWithoutTombstones>.self)
      .leaving(SagaAftermath.recovering),
  ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(FloorStrategy.descriptor, FloorStrategy.self)]

  private static func rowLock<Lock: RowLock>(_: Lock.Type) -> StrategyEntry {
    StrategyEntry(Lock.descriptor, RowLocked<Lock>.self)
  }

  private static func payment<Client: DeliveryClient & ~Copyable>(
    _ descriptor: StrategyDescriptor, _: Client.Type
  ) -> StrategyEntry {
    StrategyEntry(descriptor, Redelivered<Client>.self).leaving(PaymentAftermath.aftermath)
  }

  private static func job<Guard: TickGuard>(_: Guard.Type) -> StrategyEntry {
    StrategyEntry(Guard.descriptor, PurgeStrategy<Guard>.self).leaving(JobAftermath.of(Guard.self))
  }

  private static func replicated<Reading: ReplicaReading>(_: Reading.Type) -> StrategyEntry {
    StrategyEntry(Reading.descriptor, ReplicatedRecords<Reading>.self)
  }

  private static func snapshot<Level: SnapshotLevel & ListLevel>(_: Level.Type) -> StrategyEntry {
    StrategyEntry(Level.descriptor, SnapshotTransaction<Level>.self).alsoRunning(lists: PostgresLists<Level>.self)
  }

  private static func events<Form: EventForm>(_: Form.Type) -> StrategyEntry {
    StrategyEntry(Form.descriptor, EventSourced<Form>.self).leaving(ProjectionAftermath.of(Form.self))
  }

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies + replicas, floors: floors, locks: PostgresLocks(),
    records: RecordStore(PostgresRecords.self, fenced: FencedPostgresRecords.self, name: "postgres"),
    services: [
      BackendService(ServiceDescriptor("postgres", schemes: ["postgresql", "postgres"]), administration),
      BackendService(
        ServiceDescriptor(ReplicaAddresses.service, schemes: ["postgresql", "postgres"]), replicasAdministration),
      BackendService(ServiceDescriptor("pgbouncer", schemes: ["postgresql", "postgres"]), poolerAdministration),
    ])

  /// Opens the administration of the table `records` in a schema of its own; connects when it is first used.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try PostgresAdministration(url: url, namespace: namespace)
  }

  /// Opens the administration of a primary and its standbys.
  ///
  /// - Parameter url: the URLs of all of them, separated by commas; may hold credentials.
  public static func replicasAdministration(
    url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    try ReplicasAdministration(url: url, namespace: namespace)
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

/// The locks in PostgreSQL around what is elsewhere.
public struct PostgresLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [composer.entry(leading: AdvisoryLockStrategy.descriptor(over:), AdvisoryLockClient.self)] + tableLocks(composer)
  }

  /// Locks that are rows, on a connection of their own beside that of the records.
  func tableLocks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(fencing: LockRow.descriptor(over:), LockTableClient<LockRow>.self, fence: .readAndWrite),
      composer.entry(InsertOnConflict.descriptor(over:), LockTableClient<InsertOnConflict>.self),
      composer.entry(ShedLockTable.descriptor(over:), LockTableClient<ShedLockTable>.self),
      composer.entry(SpringLockTable.descriptor(over:), SpringLockClient.self),
      composer.entry(leadingFenced: PostgresLease.descriptor(over:), ObservedLease<PostgresLeases>.self, fence: .none),
      composer.entry(leading: BullyRow.descriptor(over:), BullyRow.self),
    ]
  }
}
