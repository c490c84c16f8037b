public import Model

/// A strategy as the registries list it: what it is, and how a worker runs it.
public struct StrategyEntry: Sendable {
  /// What it is.
  public private(set) var descriptor: StrategyDescriptor
  /// Makes, once per trial and process, the body that each worker runs.
  public let prepare: @Sendable (StrategyEnvironment) throws(SetupFailure) -> WorkerBody

  /// The locks of a backend around it; nil for a strategy that blocks its thread.
  public let surrounded: (@Sendable (any LockFamily) -> [StrategyEntry])?

  /// What it leaves behind besides values of records, and who judges that; nil when it leaves nothing.
  public private(set) var aftermath: Aftermath?

  /// Lists a strategy; the operation loop is specialised for it here.
  public init<S: Strategy & ~Copyable>(_ descriptor: StrategyDescriptor, _: S.Type) {
    self.descriptor = descriptor
    surrounded = { $0.locks(AroundStrategy(S.self, descriptor)) }
    prepare = { environment throws(SetupFailure) in
      let configuration = try S.configure(environment)
      return { worker in await worker.run(S.self, configuration) }
    }
  }

  /// Lists a strategy that some scenarios have run in another way, with an operation loop of its own.
  ///
  /// - Parameter differs: whether a scenario is one of them.
  init(
    _ usual: StrategyEntry, or other: StrategyEntry, where differs: @escaping @Sendable (StrategyEnvironment) -> Bool
  ) {
    descriptor = usual.descriptor
    surrounded = usual.surrounded
    prepare = { environment throws(SetupFailure) in
      try (differs(environment) ? other : usual).prepare(environment)
    }
  }

  /// Lists a strategy that runs transactions over lists, too, where a workload asks for them: with a loop of their own, so
  /// that those over numbers do not know of it.
  public func alsoRunning<Client: ListClient & ~Copyable>(lists _: Client.Type) -> StrategyEntry {
    StrategyEntry(self, or: StrategyEntry(descriptor, ListTransaction<Client>.self)) { $0.lists != nil }
  }

  /// Lists a lock with a form of its own over its own store that leads elections, too, where its client is put around the
  /// records as around those of other stores.
  public func alsoLeading<Lease: LeaseClient & ~Copyable, Store: StoreClient & ~Copyable>(
    _: Lease.Type, _: Store.Type
  ) -> StrategyEntry {
    let terms = StrategyEntry(descriptor, UnderLease<Lease, Unprotected<Store>>.self)
    return StrategyEntry(self, or: terms) { $0.election != nil }
  }

  /// Lists a strategy whose operations pass points at which faults end processes.
  func passing(_ points: [String]) -> StrategyEntry {
    var entry = self
    entry.descriptor.points += points
    return entry
  }

  /// Lists a strategy that leaves something behind besides the values of its records, or has something to finish once its
  /// workers are gone.
  public func leaving(_ aftermath: Aftermath) -> StrategyEntry {
    var entry = self
    entry.aftermath = aftermath
    return entry
  }

  /// Lists a strategy that blocks its thread.
  public init<S: BlockingStrategy & ~Copyable>(blocking descriptor: StrategyDescriptor, _: S.Type) {
    self.descriptor = descriptor
    surrounded = nil
    prepare = { environment throws(SetupFailure) in
      let configuration = try S.configure(environment)
      return { worker in await worker.run(blocking: S.self, configuration) }
    }
  }
}

/// What one worker does during a trial, from opening its session to closing it.
public typealias WorkerBody = @Sendable (Worker) async -> Void
