public import Model
public import Runtime

/// Locks between the processes of one host, in the order of `contend list`.
public enum HostRegistry {
  /// All of them, over the memory store.
  public static let strategies: [StrategyEntry] = [
    MemoryRegistry.guarded(RobustMutexLock.self), MemoryRegistry.guarded(SharedSemaphoreLock.self),
    MemoryRegistry.guarded(FlockLock.self), MemoryRegistry.guarded(OFDLock.self),
  ]

  /// The same around a store in a server. A lock blocks the thread of the worker that waits, so each worker needs a
  /// thread of its own.
  public static func composed<Store: StoreClient & ~Copyable>(
    with _: Store.Type, store: String
  ) -> [StrategyEntry] {
    [
      MemoryRegistry.locked(RobustMutexLock.self, Store.self, store),
      MemoryRegistry.locked(SharedSemaphoreLock.self, Store.self, store),
      MemoryRegistry.locked(FlockLock.self, Store.self, store), MemoryRegistry.locked(OFDLock.self, Store.self, store),
    ]
  }

  /// The folder of lock files of a run.
  ///
  /// - Parameter url: `file://` and the path of a folder.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try LockFolderAdministration(url: url, namespace: namespace)
  }
}

extension StrategyDescriptor {
  /// A lock between the processes of one host, one per record. It may guard records of any store, as long as all workers
  /// are on that host.
  static func hostLock(_ name: String, _ summary: String, needs: [String] = []) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "host.\(name)", summary: summary, needs: needs, store: "memory", stores: ["memory", "postgres", "redis"],
      scope: .host, threading: .perWorker)
  }
}
