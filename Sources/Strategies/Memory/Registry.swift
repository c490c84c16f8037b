public import Runtime

/// Strategies that live in memory, in the order of `contend list`.
public enum MemoryRegistry {
  /// All of them, over the memory store.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(blocking: NoneStrategy.descriptor, NoneStrategy.self)]
    + [
      guarded(MutexLock.self), guarded(SwiftMutexLock.self), guarded(SpinLock.self), guarded(TicketLock.self),
      guarded(MCSLock.self), guarded(RWLock.self), guarded(SemaphoreLock.self),
    ]
    + [
      StrategyEntry(blocking: DispatchQueueStrategy.descriptor, DispatchQueueStrategy.self),
      StrategyEntry(blocking: CASStrategy.descriptor, CASStrategy.self),
      StrategyEntry(blocking: FetchAddStrategy.descriptor, FetchAddStrategy.self),
      StrategyEntry(ActorStrategy.descriptor, ActorStrategy.self),
    ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(blocking: FloorStrategy.descriptor, FloorStrategy.self)]

  /// The locks among them around a store in a server: for `over: postgres` and the like.
  ///
  /// A lock blocks the thread of the worker that waits, so each worker needs a thread of its own.
  public static func composed<Store: StoreClient & ~Copyable>(
    with _: Store.Type, store: String
  ) -> [StrategyEntry] {
    [
      locked(MutexLock.self, Store.self, store), locked(SwiftMutexLock.self, Store.self, store),
      locked(SpinLock.self, Store.self, store), locked(TicketLock.self, Store.self, store),
      locked(MCSLock.self, Store.self, store), locked(RWLock.self, Store.self, store),
      locked(SemaphoreLock.self, Store.self, store),
    ]
  }

  static func guarded<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry {
    StrategyEntry(blocking: Lock.descriptor, Guarded<Lock>.self)
  }

  static func locked<Lock: MemoryLock & ~Copyable, Store: StoreClient & ~Copyable>(
    _: Lock.Type, _: Store.Type, _ store: String
  ) -> StrategyEntry {
    StrategyEntry(Lock.descriptor.over(store), Locked<BlockingLockClient<Lock>, Store>.self)
  }
}
