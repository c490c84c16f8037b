public import Model

/// The lock services of a backend, as types: what may go around the records of any store, and around any strategy that
/// keeps its own.
///
/// So a backend lists its locks once, and they meet every store and strategy that there is.
public protocol LockFamily: Sendable {
  /// Whether a worker that waits for a lock suspends and lets others use its thread. Such a lock cannot go around a store
  /// that blocks its thread: the holder would wait for a thread on which somebody waits for the holder.
  var suspends: Bool { get }
  /// The locks, each put around what the composer stands for, in the order of `contend list`.
  func locks(_ composer: some LockComposer) -> [StrategyEntry]
}

/// Puts locks around something: the records of a store, a strategy.
public protocol LockComposer {
  /// One lock around it.
  ///
  /// - Parameter descriptor: what the lock is over a store of this name.
  func entry<Lock: LockClient & ~Copyable>(
    _ descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry
  /// The same of a lock that gives fencing tokens.
  ///
  /// - Parameter fence: what the records do with them unless a scenario says otherwise.
  func entry<Lock: FencingLockClient & ~Copyable>(
    fencing descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry
  /// The same of a lock that can be held over many operations: in an election it is a term of office.
  func entry<Lock: LeaseClient & ~Copyable>(
    leading descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry
  /// The same of one that also gives fencing tokens: those of a term of office number the terms.
  func entry<Lock: LeaseClient & FencingLockClient & ~Copyable>(
    leadingFenced descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry
}

extension LockComposer {
  /// Where nobody compares them, tokens make no difference.
  public func entry<Lock: FencingLockClient & ~Copyable>(
    fencing descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry {
    entry(descriptor, Lock.self)
  }

  /// Around a strategy that protects its own records there are no terms of office.
  public func entry<Lock: LeaseClient & ~Copyable>(
    leading descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    entry(descriptor, Lock.self)
  }

  /// Where nobody compares them, tokens make no difference.
  public func entry<Lock: LeaseClient & FencingLockClient & ~Copyable>(
    leadingFenced descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry {
    entry(leading: descriptor, Lock.self)
  }
}

/// Locks around unprotected records.
public struct OverRecords<Store: StoreClient & ~Copyable>: LockComposer {
  private let store: String

  /// - Parameter store: name of the store.
  public init(_: Store.Type, _ store: String) { self.store = store }

  /// A lock around reading, deciding and writing.
  public func entry<Lock: LockClient & ~Copyable>(
    _ descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    StrategyEntry(descriptor(store), Locked<Lock, Store>.self)
  }

  /// A lock around every operation, or in an election around all of a leader.
  public func entry<Lock: LeaseClient & ~Copyable>(
    leading descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    let described = descriptor(store).leading
    return StrategyEntry(
      StrategyEntry(described, Locked<Lock, Store>.self),
      or: StrategyEntry(described, UnderLease<Lock, Unprotected<Store>>.self)
    ) { $0.election != nil }
  }
}

/// Locks around records that compare fencing tokens, if a scenario says so.
public struct OverFencedRecords<
  Store: StoreClient & ~Copyable, FencedStore: FencedStoreClient & ~Copyable
>: LockComposer {
  private let store: String

  /// - Parameter store: name of the store.
  public init(_: Store.Type, _: FencedStore.Type, _ store: String) { self.store = store }

  /// A lock that gives no tokens.
  public func entry<Lock: LockClient & ~Copyable>(
    _ descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    StrategyEntry(descriptor(store), Locked<Lock, Store>.self)
  }

  /// Without a fence, the very strategy of a lock that gives no tokens.
  public func entry<Lock: FencingLockClient & ~Copyable>(
    fencing descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry {
    let described = descriptor(store).fenced(by: fence)
    return StrategyEntry(
      StrategyEntry(described, Locked<Lock, Store>.self),
      or: StrategyEntry(described, Locked<Lock, Fenced<FencedStore>>.self)
    ) { $0.fence != .none }
  }

  /// A lock that gives no tokens.
  public func entry<Lock: LeaseClient & ~Copyable>(
    leading descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    OverRecords(Store.self, store).entry(leading: descriptor, Lock.self)
  }

  /// In an election the tokens number the terms.
  public func entry<Lock: LeaseClient & FencingLockClient & ~Copyable>(
    leadingFenced descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type, fence: Fence
  ) -> StrategyEntry {
    let described = descriptor(store).fenced(by: fence).leading
    let terms = StrategyEntry(
      StrategyEntry(described, UnderLease<Lock, Unprotected<Store>>.self),
      or: StrategyEntry(described, UnderLease<Lock, Unprotected<Fenced<FencedStore>>>.self)
    ) { $0.fence != .none }
    return StrategyEntry(entry(fencing: { _ in described }, Lock.self, fence: fence), or: terms) { $0.election != nil }
  }
}

/// Locks around a strategy that protects its own records: belt and braces.
public struct AroundStrategy<Inner: Strategy & ~Copyable>: LockComposer {
  private let inner: StrategyDescriptor

  /// - Parameter inner: what the strategy is.
  public init(_: Inner.Type, _ inner: StrategyDescriptor) { self.inner = inner }

  /// A lock around the whole attempt of the strategy.
  public func entry<Lock: LockClient & ~Copyable>(
    _ descriptor: (_ store: String) -> StrategyDescriptor, _: Lock.Type
  ) -> StrategyEntry {
    StrategyEntry(StrategyDescriptor(descriptor(inner.store), around: inner), Surrounded<Lock, Inner>.self)
  }
}
