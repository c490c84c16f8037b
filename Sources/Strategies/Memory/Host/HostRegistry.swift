public import Model
public import Runtime

/// Locks between the processes of one host, in the order of `contend list`.
public enum HostRegistry {
  /// All of them, over the memory store.
  public static let strategies: [StrategyEntry] = HostLocks.all(AroundMemory())

  /// The backend, as the catalog holds it: its locks live on the host, its records in memory.
  public static let backend = BackendEntry(
    strategies: strategies, locks: HostLocks(),
    services: [BackendService(ServiceDescriptor("lock-files", schemes: ["file"]), administration)])

  /// The folder of lock files of a run.
  ///
  /// - Parameter url: `file://` and the path of a folder.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try LockFolderAdministration(url: url, namespace: namespace)
  }
}

/// The locks of the host. A lock blocks the thread of the worker that waits, so each worker needs a thread of its own.
public struct HostLocks: LockFamily {
  /// It blocks.
  public let suspends = false

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] { Self.all(AroundAnything(composer: composer)) }

  /// The one list of them.
  static func all(_ composer: some MemoryLockComposer) -> [StrategyEntry] {
    [
      composer.entry(RobustMutexLock.self), composer.entry(SharedSemaphoreLock.self), composer.entry(FlockLock.self),
      composer.entry(OFDLock.self),
    ]
  }
}

extension StrategyDescriptor {
  /// A lock between the processes of one host, one per record. It may guard records of any store, as long as all workers
  /// are on that host.
  static func hostLock(
    _ name: String, _ summary: String, _ documentation: Documentation, needs: [String] = []
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "host.\(name)", summary: summary, documentation: documentation, needs: needs, store: "memory",
      stores: ["memory"], scope: .host, threading: .perWorker, returnsValues: true)
  }
}
