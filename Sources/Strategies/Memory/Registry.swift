internal import Model
public import Runtime

/// Strategies that live in memory, in the order of `contend list`.
public enum MemoryRegistry {
  /// All of them, over the memory store.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(blocking: NoneStrategy.descriptor, NoneStrategy.self)]
    + MemoryLocks.all(AroundMemory())
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
    records: RecordStore(MemoryRecords.self, fenced: FencedMemoryRecords.self, name: "memory"))
}

/// The locks in memory. A lock blocks the thread of the worker that waits, so each worker needs a thread of its own.
public struct MemoryLocks: LockFamily {
  /// It blocks.
  public let suspends = false

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] { Self.all(AroundAnything(composer: composer)) }

  /// The one list of them, in the order of `contend list`.
  static func all(_ composer: some MemoryLockComposer) -> [StrategyEntry] {
    [
      composer.entry(MutexLock.self), composer.entry(SwiftMutexLock.self), composer.entry(SpinLock.self),
      composer.entry(TicketLock.self), composer.entry(MCSLock.self), composer.entry(RWLock.self),
      composer.entry(SemaphoreLock.self),
    ]
  }
}

/// Puts a lock in memory around something.
protocol MemoryLockComposer {
  func entry<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry
}

/// Around the records in memory, without a suspension anywhere.
struct AroundMemory: MemoryLockComposer {
  func entry<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry {
    StrategyEntry(blocking: Lock.descriptor, Guarded<Lock>.self)
  }
}

/// Around what any lock can go around.
struct AroundAnything<Composer: LockComposer>: MemoryLockComposer {
  let composer: Composer

  func entry<Lock: MemoryLock & ~Copyable>(_: Lock.Type) -> StrategyEntry {
    composer.entry(fencing: Lock.descriptor.over, BlockingLockClient<Lock>.self, fence: .none)
  }
}
