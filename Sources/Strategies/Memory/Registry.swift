internal import Model
public import Runtime

/// Strategies that live in memory, in the order of `contend list`.
public enum MemoryRegistry {
  /// All of them.
  public static let strategies: [StrategyEntry] = [
    StrategyEntry(
      blocking: StrategyDescriptor(
        id: "memory.mutex", aliases: ["mutex"], summary: "pthread mutex per record", store: "memory",
        stores: ["memory"], scope: .process, threading: .perWorker), Guarded<MutexLock>.self),
    StrategyEntry(
      blocking: StrategyDescriptor(
        id: "memory.fetch-add", summary: "one atomic addition", store: "memory", scope: .host,
        threading: .perWorker, applicability: .unguardedAdd), FetchAddStrategy.self),
  ]
}
