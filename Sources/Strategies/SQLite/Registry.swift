#if SQLite
public import Model
public import Runtime

/// Strategies that live in SQLite, in the order of `contend list`.
public enum SQLiteRegistry {
  /// All of them, over a table of the run.
  public static let strategies: [StrategyEntry] = [
    StrategyEntry(blocking: NoneStrategy.descriptor, NoneStrategy.self)
      .alsoRunning(lists: SQLiteLists<Autocommit>.self),
    StrategyEntry(blocking: ImmediateStrategy.descriptor, ImmediateStrategy.self)
      .alsoRunning(lists: SQLiteLists<Immediate>.self),
    StrategyEntry(blocking: DeferredStrategy.descriptor, DeferredStrategy.self)
      .alsoRunning(lists: SQLiteLists<Deferred>.self),
    StrategyEntry(blocking: OptimisticStrategy.descriptor, OptimisticStrategy.self),
    StrategyEntry(blocking: AtomicStrategy.descriptor, AtomicStrategy.self),
    StrategyEntry(blocking: CountThenInsertStrategy.descriptor, CountThenInsertStrategy.self),
    StrategyEntry(SQLiteScripts.descriptor, ScriptStrategy<SQLiteScripts>.self),
  ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(blocking: FloorStrategy.descriptor, FloorStrategy.self)]

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors,
    records: RecordStore(SQLiteRecords.self, fenced: FencedSQLiteRecords.self, name: "sqlite", blocks: true),
    services: [BackendService(ServiceDescriptor("sqlite", schemes: ["file"]), administration)])

  /// Opens the administration of the run's table; opens the file when it is first used.
  ///
  /// - Parameter url: `file:///path`, with the query parameters of SQLite's URI filenames if any.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    SQLiteAdministration(url: url, namespace: namespace)
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func sqlite(
    _ name: String, _ summary: String, _ documentation: Documentation, options: [OptionSpecification] = [],
    grade: Grade = .forbidden, lists: ListTransactions? = nil
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "sqlite." + name, summary: summary, documentation: documentation, needs: ["sqlite"], store: "sqlite",
      options: SQLiteSettings.options + options, scope: .host, threading: .perWorker, grade: grade, returnsValues: true,
      lists: lists)
  }
}
#endif
