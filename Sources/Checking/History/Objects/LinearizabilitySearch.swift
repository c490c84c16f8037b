internal import Model

/// Searches an order of the operations on one object that agrees with time and that the object allows.
///
/// The algorithm of Wing and Gong (1993) with the cache of Lowe (2017): take operations in the order of their invokes as
/// long as none is passed over that had ended; go back when the object refuses all of them; never try the same set of
/// operations in the same state twice. Deciding takes exponential time at worst, so that a budget ends it. What may have
/// happened has no end: it is tried at every place, and may be left out.
struct LinearizabilitySearch {
  enum Outcome {
    /// There is an order.
    case linearizable
    /// There is none; the longest part that has one, the state behind it, and what fits nowhere then.
    case notLinearizable(prefix: [Int], state: SequentialModel.State, blocked: Int)
    /// The budget ended first.
    case undecided
  }

  private let operations: [KeyOperation]
  private let certain: Int
  /// The list of invokes and ends by time: entry 2i + 1 is the invoke of operation i, 2i + 2 its end, 0 the head.
  private var next: [Int32]
  private var previous: [Int32]
  /// Of those that may have happened: which are equal, so that only the first of them is tried.
  private var kind: [Int32]
  private var placeInKind: [Int32]
  private var usedOfKind: [Int32]
  private var configuration: Configuration
  private var tried: Set<[UInt64]> = []

  init(_ operations: [KeyOperation]) {
    self.operations = operations.sorted { $0.invoke < $1.invoke }
    certain = operations.count(where: \.isCertain)
    let count = operations.count
    next = Array(repeating: 0, count: 2 * count + 1)
    previous = next
    kind = Array(repeating: -1, count: count)
    placeInKind = Array(repeating: 0, count: count)
    usedOfKind = []
    configuration = Configuration(self.operations)
    groupPossible()
    linkByTime()
  }

  private mutating func groupPossible() {
    var kinds: [[Access.Action]: Int32] = [:]
    for index in operations.indices where !operations[index].isCertain {
      let number = kinds[operations[index].actions] ?? Int32(usedOfKind.count)
      if Int(number) == usedOfKind.count {
        kinds[operations[index].actions] = number
        usedOfKind.append(0)
      }
      kind[index] = number
      placeInKind[index] = usedOfKind[Int(number)]
      usedOfKind[Int(number)] += 1
    }
    for index in usedOfKind.indices { usedOfKind[index] = 0 }
  }

  /// At one moment invokes come before ends: the operations overlap.
  private mutating func linkByTime() {
    var entries: [(time: Int64, isEnd: Bool, entry: Int32)] = []
    for (index, operation) in operations.enumerated() {
      entries.append((operation.invoke, false, Int32(2 * index + 1)))
      if operation.isCertain { entries.append((operation.end, true, Int32(2 * index + 2))) }
    }
    entries.sort { $0.time != $1.time ? $0.time < $1.time : !$0.isEnd && $1.isEnd }
    var last: Int32 = 0
    for entry in entries {
      next[Int(last)] = entry.entry
      previous[Int(entry.entry)] = last
      last = entry.entry
    }
    next[Int(last)] = 0
    previous[0] = last
  }

  private mutating func unlink(_ entry: Int) {
    next[Int(previous[entry])] = next[entry]
    previous[Int(next[entry])] = previous[entry]
  }

  private mutating func relink(_ entry: Int) {
    next[Int(previous[entry])] = Int32(entry)
    previous[Int(next[entry])] = Int32(entry)
  }

  /// - Parameter budget: steps to try, all together; what is left of it comes back.
  mutating func search(from initial: SequentialModel.State, budget: inout Int) -> Outcome {
    var stack: [(operation: Int, before: SequentialModel.State)] = []
    var state = initial
    var taken = 0
    var deepest: (prefix: [Int], state: SequentialModel.State, blocked: Int, taken: Int)?
    var entry = Int(next[0])
    while taken < certain {
      let index = (entry - 1) / 2
      if entry % 2 == 1 {
        budget -= 1
        if budget < 0 { return .undecided }
        if let after = step(state, index), take(index, after) {
          stack.append((index, state))
          state = after
          if operations[index].isCertain { taken += 1 }
          entry = Int(next[0])
          continue
        }
        entry = Int(next[entry])
        if entry != 0 { continue }
      }
      // An end whose operation has found no place before it, or nothing is left to try.
      if entry != 0, taken > deepest?.taken ?? -1 {
        deepest = (stack.map(\.operation), state, index, taken)
      }
      guard let (last, before) = stack.popLast() else {
        let found = deepest ?? ([], initial, 0, 0)
        return .notLinearizable(
          prefix: found.prefix.map { operations[$0].index }, state: found.state,
          blocked: operations[found.blocked].index)
      }
      state = before
      if operations[last].isCertain { taken -= 1 }
      giveBack(last)
      entry = Int(next[2 * last + 1])
    }
    return .linearizable
  }

  /// The state after an operation; nil when it cannot come next, or is not worth trying.
  private func step(_ state: SequentialModel.State, _ index: Int) -> SequentialModel.State? {
    guard let after = SequentialModel.step(state, operations[index]) else { return .none }
    if operations[index].isCertain { return .some(after) }
    // One that may have happened and changes nothing need not have; of equal ones the first is as good as any.
    if after == state || placeInKind[index] != usedOfKind[Int(kind[index])] { return .none }
    return .some(after)
  }

  /// Takes an operation out of the list, unless the same set was taken in the same state before.
  private mutating func take(_ index: Int, _ state: SequentialModel.State) -> Bool {
    configuration.insert(index)
    guard tried.insert(configuration.key(state)).inserted else {
      configuration.remove(index)
      return false
    }
    if operations[index].isCertain { unlink(2 * index + 2) } else { usedOfKind[Int(kind[index])] += 1 }
    unlink(2 * index + 1)
    return true
  }

  private mutating func giveBack(_ index: Int) {
    configuration.remove(index)
    relink(2 * index + 1)
    if operations[index].isCertain { relink(2 * index + 2) } else { usedOfKind[Int(kind[index])] -= 1 }
  }
}

/// A set of operations as bits: those that took effect for certain in the order of their invokes, then the others. A key
/// leaves out the words in front that are full, so that it stays as short as what overlaps.
private struct Configuration {
  private var bits: [UInt64]
  private let position: [Int32]
  private let certainWords: Int
  private var fullWords = 0

  init(_ operations: [KeyOperation]) {
    let certain = operations.count(where: \.isCertain)
    certainWords = (certain + 63) / 64
    var (nextCertain, nextPossible) = (0, certainWords * 64)
    var position: [Int32] = []
    for operation in operations {
      position.append(Int32(operation.isCertain ? nextCertain : nextPossible))
      if operation.isCertain { nextCertain += 1 } else { nextPossible += 1 }
    }
    self.position = position
    bits = Array(repeating: 0, count: (nextPossible + 63) / 64)
  }

  mutating func insert(_ index: Int) {
    bits[Int(position[index]) / 64] |= 1 << UInt64(position[index] % 64)
    while fullWords < certainWords && bits[fullWords] == .max { fullWords += 1 }
  }

  mutating func remove(_ index: Int) {
    let word = Int(position[index]) / 64
    bits[word] &= ~(1 << UInt64(position[index] % 64))
    fullWords = min(fullWords, word)
  }

  /// The set and a state, in full: a hash of them could turn a legal history into an illegal one.
  func key(_ state: SequentialModel.State) -> [UInt64] {
    var last = certainWords
    while last > fullWords && bits[last - 1] == 0 { last -= 1 }
    var key: [UInt64] = []
    key.reserveCapacity(4 + last - fullWords + bits.count - certainWords)
    key.append(UInt64(fullWords))
    key.append(state == nil ? 0 : 1)
    key.append(UInt64(bitPattern: state ?? 0))
    key.append(UInt64(last))
    key.append(contentsOf: bits[fullWords..<last])
    key.append(contentsOf: bits[certainWords...])
    return key
  }
}
