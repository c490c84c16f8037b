public import Model
public import Runtime

/// A lock of this target: a blocking lock that says what it is, so that one list serves every store.
public protocol MemoryLock: BlockingLock, ~Copyable {
  /// What it is when it guards the memory store.
  static var descriptor: StrategyDescriptor { get }
}

extension StrategyDescriptor {
  /// A lock between the threads of one process, one per record. It may guard records of any store: as long as all
  /// workers are in that process.
  static func lock(
    _ id: String, aliases: [String] = [], _ summary: String, _ documentation: Documentation
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: id, aliases: aliases, summary: summary, documentation: documentation, store: "memory",
      stores: ["memory"], scope: .process, threading: .perWorker, returnsValues: true)
  }

  /// The same lock around a store in a server, which takes one round trip to read and one to write.
  func over(_ store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: id, aliases: aliases, summary: summary, documentation: documentation, needs: needs, store: store,
      stores: stores, options: options, scope: scope, threading: threading, applicability: applicability, grade: grade,
      returnsValues: true, roundTripsUnderLock: 2)
  }
}
