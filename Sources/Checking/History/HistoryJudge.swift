public import Model

/// Which checkers judge a history.
public struct HistoryJudge {
  private let isolation: Isolation
  private let budget: Int

  /// - Parameters:
  ///   - isolation: what a database promises of its transactions.
  ///   - budget: steps of a search.
  public init(isolation: Isolation = .serializable, budget: Int = Linearizability.defaultBudget) {
    self.isolation = isolation
    self.budget = budget
  }

  /// Every checker, in the order of the documentation.
  public var all: [any HistoryChecker] {
    [
      ExclusiveLock(), Linearizability(budget: budget, locks: true), CounterHistory(), VersionedRegister(),
      UniqueValueRegister(), Linearizability(budget: budget), ListAppend(isolation), ReadWriteRegister(isolation),
    ]
  }

  /// The checkers that fit what the history has: locks by their holds; lists as transactions; else records by the fastest
  /// checker that is exact for them, and transactions over several registers besides.
  public func checkers(for history: History) -> [any HistoryChecker] {
    var checkers: [any HistoryChecker] = []
    if history.hasLocks { checkers.append(ExclusiveLock()) }
    if history.hasLists { return checkers + [ListAppend(isolation)] }
    let keys = KeyHistory.all(of: history)
    if keys.isEmpty { return checkers }
    if CounterHistory.judges(keys, history) {
      checkers.append(CounterHistory())
    } else if history.hasVersions && keys.allSatisfy(VersionedRegister.hasVersions) {
      checkers.append(VersionedRegister())
    } else if UniqueValueRegister.judges(keys, history) {
      checkers.append(UniqueValueRegister())
    } else {
      checkers.append(Linearizability(budget: budget))
    }
    if history.hasTransactions, case .success = WrittenRegisters.of(history) {
      checkers.append(ReadWriteRegister(isolation))
    }
    return checkers
  }
}

extension History {
  fileprivate var hasLocks: Bool {
    operations.contains { !$0.holds.isEmpty || $0.accesses.contains(where: \.isOfLock) }
  }

  fileprivate var hasLists: Bool { operations.contains { $0.accesses.contains(where: \.isOfList) } }

  fileprivate var hasVersions: Bool { operations.contains { $0.accesses.contains { $0.version != nil } } }

  fileprivate var hasTransactions: Bool {
    operations.contains { operation in operation.accesses.contains { $0.key != operation.accesses[0].key } }
  }
}
