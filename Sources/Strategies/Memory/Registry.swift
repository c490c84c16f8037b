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

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors, locks: MemoryLocks(),
    records: RecordStore(MemoryRecords.self, name: "memory"))

  static func guarded<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry {
    StrategyEntry(blocking: Lock.descriptor, Guarded<Lock>.self)
  }

}

/// The locks in memory. A lock blocks the thread of the worker that waits, so each worker needs a thread of its own.
public struct MemoryLocks: LockFamily {
  /// It blocks.
  public let suspends = false

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.blocking(MutexLock.self), composer.blocking(SwiftMutexLock.self), composer.blocking(SpinLock.self),
      composer.blocking(TicketLock.self), composer.blocking(MCSLock.self), composer.blocking(RWLock.self),
      composer.blocking(SemaphoreLock.self),
    ]
  }
}

extension LockComposer {
  func blocking<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry {
    entry(Lock.descriptor.over, BlockingLockClient<Lock>.self)
  }
}
