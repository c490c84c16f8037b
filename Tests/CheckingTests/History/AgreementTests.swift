import Checking
import Model
import Testing

/// On small histories, true and false, every checker says what trying all orders says.
struct AgreementTests {
  /// How often each verdict was right: a test that saw only one of them has tested nothing.
  private struct Seen {
    var passes = 0
    var violations = 0

    mutating func compare(_ checker: any HistoryChecker, _ history: History, with isLegal: Bool, _ seed: UInt64) {
      let result = checker.check(history).result
      guard result.verdict != .unknown else { return }
      let isPass = result.verdict == .pass
      #expect(isPass == isLegal, "seed \(seed): \(result.violations.map(\.evidence))\n\(history.text)")
      if isPass { passes += 1 } else { violations += 1 }
    }

    func expectBoth() {
      #expect(passes >= 100 && violations >= 100, "\(passes) passes, \(violations) violations")
    }
  }

  private func compare(
    _ checker: any HistoryChecker, seeds: Range<UInt64> = 0..<1500, mutations: Int = 1,
    _ make: (inout RandomHistories) -> History, _ isLegal: (History) -> Bool
  ) {
    var seen = Seen()
    for seed in seeds {
      var random = RandomHistories(seed: seed)
      var history = make(&random)
      let count = random.number(below: mutations + 1)
      for _ in 0..<count where !history.operations.isEmpty { history = random.mutate(history) }
      seen.compare(checker, history, with: isLegal(history), seed)
    }
    seen.expectBoth()
  }

  private func isRegister(_ history: History) -> Bool {
    ExhaustiveOrder.exists(history.operations, from: history.header.initialValue(of: 0), ExhaustiveOrder.register)
  }

  @Test func searchOfRegisters() {
    compare(
      Linearizability(), mutations: 4,
      {
        $0.register(processes: 3, operations: 6, unknownShare: 20, draw: RandomHistories.readsAndWrites(unique: false))
      },
      isRegister)
  }

  @Test func searchOfCompareAndSetRegisters() {
    compare(
      Linearizability(), mutations: 6,
      { $0.register(processes: 3, operations: 6, unknownShare: 20, draw: RandomHistories.casRegister) }, isRegister)
  }

  @Test func searchOfCounters() {
    compare(
      Linearizability(), mutations: 2,
      { $0.register(processes: 3, operations: 6, unknownShare: 20, draw: RandomHistories.counter) }, isRegister)
  }

  @Test func searchOfLocks() {
    compare(Linearizability(locks: true), mutations: 3, { $0.lock(processes: 3, holds: 3) }) {
      ExhaustiveOrder.exists($0.operations, from: nil, ExhaustiveOrder.register)
    }
  }

  @Test func exclusiveLocks() {
    compare(ExclusiveLock(), mutations: 3, { $0.lock(processes: 3, holds: 3) }) {
      ExhaustiveOrder.exists($0.operations, from: nil, ExhaustiveOrder.ownedLock)
    }
  }

  @Test func counters() {
    compare(
      CounterHistory(), mutations: 2,
      { $0.register(processes: 3, operations: 6, unknownShare: 20, initial: 0, draw: RandomHistories.counter) },
      isRegister)
  }

  @Test func registersOfUniqueValues() {
    compare(
      UniqueValueRegister(), mutations: 2,
      {
        $0.register(processes: 3, operations: 6, unknownShare: 20, draw: RandomHistories.readsAndWrites(unique: true))
      },
      isRegister)
  }

  @Test func transactionsOverLists() {
    compare(ListAppend(), mutations: 2, { $0.lists(processes: 3, transactions: 4, keys: 2) }) {
      ExhaustiveOrder.exists($0.operations, from: [:], agreesWithTime: false, ExhaustiveOrder.lists)
    }
  }

  /// What follows from registers is less than what is wrong: findings must be true, and there must be some.
  @Test func transactionsOverRegisters() {
    var (found, missed) = (0, 0)
    for seed in 0..<1500 as Range<UInt64> {
      var random = RandomHistories(seed: seed)
      var history = random.registers(processes: 3, transactions: 4, keys: 2)
      if random.number(below: 2) == 0 { history = random.mutate(history) }
      let isLegal = ExhaustiveOrder.exists(
        history.operations, from: [:], agreesWithTime: false, ExhaustiveOrder.registers)
      let result = ReadWriteRegister().check(history).result
      if result.verdict == .violation {
        #expect(!isLegal, "seed \(seed): \(result.violations.map(\.evidence))\n\(history.text)")
        found += 1
      } else if !isLegal {
        missed += 1
      }
    }
    #expect(found >= 100 && found > 4 * missed, "\(found) found, \(missed) missed")
  }
}

extension History {
  /// As a file, for messages.
  var text: String { String(decoding: HistoryLineWriter.bytes(of: self), as: UTF8.self) }
}
