internal import MemoryStrategies
internal import Model
public import Runtime

/// Strategies that are programs of the user's.
public enum ExternalRegistry {
  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: ExternalLocks().locks(OverFencedRecords(MemoryRecords.self, FencedMemoryRecords.self, "memory"))
      + [StrategyEntry(ExternalRecords.descriptor, ExternalRecords.self)],
    floors: [StrategyEntry(PingFloor.descriptor, PingFloor.self)], locks: ExternalLocks())
}

/// The lock that a program is, around what is elsewhere.
public struct ExternalLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// The one there is.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [composer.entry(fencing: ExternalLock.descriptor(over:), ExternalLock.self, fence: .none)]
  }
}
