import Checking
import Model
import Testing

/// A true history with one thing changed: an acknowledgement dropped, a value duplicated, a time shifted, two replies
/// swapped. Every mutant is caught, or another order explains it: which of the two, the search says, which is compared
/// with all orders on small histories.
struct HistoryMutationTests {
  private func judge(
    _ checker: any HistoryChecker, by referee: any HistoryChecker = Linearizability(),
    stricterAbout strict: Violation.Kind? = nil,
    _ make: (inout RandomHistories) -> History
  ) {
    var (caught, equivalent) = (0, 0)
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomHistories(seed: seed)
      let history = make(&random)
      let original = checker.check(history).result
      #expect(original.verdict == .pass, "seed \(seed): \(original.violations.map(\.evidence))\(original.remark ?? "")")
      let mutant = random.mutate(history)
      if mutant == history { continue }
      let expected = referee.check(mutant).result.verdict
      let found = checker.check(mutant).result
      let isStricter = found.violations.contains { $0.kind == strict }
      #expect(found.verdict == expected || isStricter, "seed \(seed): \(found.violations.map(\.evidence))")
      if found.verdict == .violation { caught += 1 } else { equivalent += 1 }
    }
    #expect(caught >= 20, "\(caught) caught, \(equivalent) equivalent")
  }

  @Test func counters() {
    judge(CounterHistory()) {
      $0.register(processes: 4, operations: 60, unknownShare: 3, initial: 0, draw: RandomHistories.counter)
    }
  }

  @Test func registersOfUniqueValues() {
    judge(UniqueValueRegister()) {
      $0.register(processes: 4, operations: 60, draw: RandomHistories.readsAndWrites(unique: true))
    }
  }

  @Test func locks() {
    // The search does not ask who releases.
    judge(ExclusiveLock(), by: Linearizability(locks: true), stricterAbout: .strayRelease) {
      $0.lock(processes: 4, holds: 40)
    }
  }

  @Test func versionedRegisters() {
    // A version column: every change states its version, so that its history is that of a counter with other values.
    func versioned(_ random: inout RandomHistories) -> History {
      var history = random.register(
        processes: 4, operations: 60, unknownShare: 0, initial: 0, draw: RandomHistories.counter)
      for index in history.operations.indices where history.operations[index].ending == .ok {
        let access = history.operations[index].accesses[0]
        switch access.action {
        case .add(_, let result?):
          history.operations[index].accesses = [
            Access(0, .write(100 + result), version: result, replaced: result - 1)
          ]
        case .read(let value?):
          history.operations[index].accesses = [Access(0, .read(value == 0 ? 0 : 100 + value), version: value)]
        default: continue
        }
      }
      return history
    }
    var caught = 0
    for seed in 0..<120 as Range<UInt64> {
      var random = RandomHistories(seed: seed)
      let history = versioned(&random)
      #expect(VersionedRegister().check(history).result.verdict == .pass, "seed \(seed)")
      var mutant = history
      let changes = mutant.operations.indices.filter { mutant.operations[$0].accesses[0].replaced != nil }
      guard changes.count > 2 else { continue }
      let (first, second) = (changes[random.number(below: changes.count)], changes[random.number(below: changes.count)])
      if first == second { continue }
      // Two changes of one version.
      mutant.operations[first].accesses[0].version = mutant.operations[second].accesses[0].version
      mutant.operations[first].accesses[0].replaced = mutant.operations[second].accesses[0].replaced
      #expect(VersionedRegister().check(mutant).result.violations.contains { $0.kind == .lostUpdate }, "seed \(seed)")
      // A change of a version that was replaced long ago.
      mutant = history
      if let version = mutant.operations[first].accesses[0].version, version > 2 {
        mutant.operations[first].accesses[0].replaced = version - 2
        #expect(VersionedRegister().check(mutant).result.violations.map(\.kind) == [.lostUpdate], "seed \(seed)")
        caught += 1
      }
    }
    #expect(caught >= 50)
  }

  @Test func transactions() {
    var caught = 0
    for seed in 0..<200 as Range<UInt64> {
      var random = RandomHistories(seed: seed)
      let history = random.lists(processes: 4, transactions: 60, keys: 3)
      #expect(ListAppend().check(history).result.verdict == .pass, "seed \(seed)")
      // A read that lacks the last element, which a transaction before it had appended: unless it saw nothing else.
      var mutant = history
      let index = random.number(below: mutant.operations.count)
      guard mutant.operations[index].ending == .ok,
        let access = mutant.operations[index].accesses.firstIndex(where: {
          if case .list(let elements) = $0.action { elements.count > 1 } else { false }
        }), case .list(var elements) = mutant.operations[index].accesses[access].action
      else { continue }
      elements.swapAt(0, elements.count - 1)
      mutant.operations[index].accesses[access].action = .list(elements)
      #expect(ListAppend().check(mutant).result.verdict == .violation, "seed \(seed)")
      caught += 1
    }
    #expect(caught >= 50)
  }
}
