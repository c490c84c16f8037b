import Model

/// Histories of a random execution: true ones, and guesses that may be impossible.
struct RandomHistories {
  private var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed, stream: 11) }

  mutating func number(below limit: Int) -> Int { Int(random.below(UInt64(limit))) }

  mutating func value(below limit: Int) -> Int64 { Int64(random.below(UInt64(limit))) }

  /// Operations of processes that each do one after the other; every one takes effect at a moment of its own within its
  /// time, some without an answer, some not at all.
  ///
  /// - Parameters:
  ///   - draw: the accesses of the next operation, without what it sees.
  ///   - perform: fills in what it sees and changes the state; called in the order in which operations take effect.
  mutating func execution<State>(
    processes: Int, operations count: Int, unknownShare: Int = 10, from initial: State,
    draw: (inout RandomHistories, Int) -> [Access], perform: (inout State, [Access]) -> [Access]?
  ) -> [RecordedOperation] {
    var plans: [(operation: RecordedOperation, moment: Int64, takesEffect: Bool)] = []
    var clock = (0..<processes).map { _ in value(below: 20) }
    var names = Array(0..<processes)
    for number in 0..<count {
      let process = self.number(below: processes)
      let invoke = clock[process] + 1 + value(below: 6)
      let moment = invoke + value(below: 15)
      let end = moment + value(below: 15)
      clock[process] = end
      let ending: RecordedOperation.Ending =
        self.number(below: 100) < unknownShare ? .info : self.number(below: 100) < 5 ? .fail : .ok
      let takesEffect = ending == .ok || (ending == .info && self.number(below: 2) == 0)
      let hasEnd = ending != .info || self.number(below: 2) == 0
      let operation = RecordedOperation(
        process: names[process], .txn, invoke: invoke, end: hasEnd ? end : nil, ending, draw(&self, number))
      if ending == .info { names[process] += processes }
      plans.append((operation, moment, takesEffect))
    }
    var state = initial
    for index in plans.indices.sorted(by: { plans[$0].moment < plans[$1].moment }) where plans[index].takesEffect {
      if let accesses = perform(&state, plans[index].operation.accesses) {
        if plans[index].operation.ending == .ok { plans[index].operation.accesses = accesses }
      } else if plans[index].operation.ending == .ok {
        plans[index].operation.ending = .fail
      }
    }
    return plans.map(\.operation)
  }

  /// A true history of one register.
  mutating func register(
    processes: Int, operations: Int, unknownShare: Int = 10, initial: Int64? = nil,
    draw: (inout RandomHistories, Int) -> Access.Action
  ) -> History {
    History(
      header: HistoryHeader(initial: initial.map { [$0] } ?? []),
      operations: execution(
        processes: processes, operations: operations, unknownShare: unknownShare, from: initial,
        draw: { [Access(0, draw(&$0, $1))] },
        perform: { state, accesses in
          let access: Access
          switch accesses[0].action {
          case .read: access = Access(0, .read(state))
          case .write(let value):
            state = value
            access = accesses[0]
          case .cas(let expected, let new):
            if state != expected { return nil }
            state = new
            access = accesses[0]
          case .add(let amount, _):
            state = (state ?? 0) + amount
            access = Access(0, .add(amount, result: state))
          default: access = accesses[0]
          }
          return [access]
        }))
  }

  /// Reads, and writes of few values or of one value each.
  static func readsAndWrites(unique: Bool) -> (inout RandomHistories, Int) -> Access.Action {
    { random, number in
      random.number(below: 2) == 0 ? .read(nil) : .write(unique ? Int64(number + 1) : random.value(below: 3))
    }
  }

  /// Reads, writes and compare-and-set of few values.
  static func casRegister(_ random: inout RandomHistories, _ number: Int) -> Access.Action {
    switch random.number(below: 3) {
    case 0: .read(nil)
    case 1: .write(random.value(below: 3))
    default: .cas(expected: random.value(below: 3), new: random.value(below: 3))
    }
  }

  /// Additions of 1 and some reads.
  static func counter(_ random: inout RandomHistories, _ number: Int) -> Access.Action {
    random.number(below: 4) == 0 ? .read(nil) : .add(1, result: nil)
  }

  /// A true history of transactions over lists, one after the other in secret; the last one reads everything.
  mutating func lists(processes: Int, transactions: Int, keys: Int, unknownShare: Int = 10) -> History {
    var final: [Int64: [Int64]] = [:]
    var operations = execution(
      processes: processes, operations: transactions, unknownShare: unknownShare, from: (),
      draw: { random, number in
        (0...random.number(below: 3)).map { part in
          let key = random.value(below: keys)
          return Access(key, random.number(below: 2) == 0 ? .list([]) : .append(Int64(number * 4 + part + 1)))
        }
      },
      perform: { _, accesses in
        accesses.map { access in
          guard case .append(let element) = access.action else {
            return Access(access.key, .list(final[access.key] ?? []))
          }
          final[access.key, default: []].append(element)
          return access
        }
      })
    operations.append(last(after: operations, (0..<Int64(keys)).map { Access($0, .list(final[$0] ?? [])) }))
    return History(operations: operations)
  }

  /// The same over registers, of which every write stores a value of its own.
  mutating func registers(processes: Int, transactions: Int, keys: Int, unknownShare: Int = 10) -> History {
    var final: [Int64: Int64] = [:]
    var operations = execution(
      processes: processes, operations: transactions, unknownShare: unknownShare, from: (),
      draw: { random, number in
        (0...random.number(below: 3)).map { part in
          let key = random.value(below: keys)
          return Access(key, random.number(below: 2) == 0 ? .read(nil) : .write(Int64(number * 4 + part + 1)))
        }
      },
      perform: { _, accesses in
        accesses.map { access in
          guard case .write(let value) = access.action else { return Access(access.key, .read(final[access.key])) }
          final[access.key] = value
          return access
        }
      })
    operations.append(last(after: operations, (0..<Int64(keys)).map { Access($0, .read(final[$0])) }))
    return History(operations: operations)
  }

  private func last(after operations: [RecordedOperation], _ accesses: [Access]) -> RecordedOperation {
    let end = operations.map { $0.end ?? $0.invoke }.max() ?? 0
    return RecordedOperation(process: 1000, .txn, invoke: end + 1, end: end + 2, .ok, accesses)
  }

  /// A true history of a lock: each grant after the release before it.
  mutating func lock(processes: Int, holds: Int) -> History {
    var operations: [RecordedOperation] = []
    var clock = Array(repeating: Int64(0), count: processes)
    var names = Array(0..<processes)
    var free: Int64 = 0
    for _ in 0..<holds {
      let process = number(below: processes)
      let granted = max(free, clock[process] + 1) + value(below: 5)
      let invoke = max(clock[process] + 1, granted - value(below: 10))
      let told = granted + value(below: 5)
      let released = told + 1 + value(below: 5)
      free = released + value(below: 5)
      clock[process] = free + value(below: 5)
      let isAnswered = number(below: 10) > 0
      operations.append(
        RecordedOperation(process: names[process], .acquire, invoke: invoke, end: told, .ok, [Access(0, .acquire)]))
      operations.append(
        RecordedOperation(
          process: names[process], .release, invoke: released, end: isAnswered ? clock[process] : nil,
          isAnswered ? .ok : .info, [Access(0, .release)]))
      if !isAnswered { names[process] += processes }
    }
    return History(operations: operations)
  }

  /// One thing changed in a history of which the rest stays true; processes still do one thing after the other.
  mutating func mutate(_ history: History) -> History {
    let mutant = changed(history)
    return mutant.isOrderly ? mutant : history
  }

  private mutating func changed(_ history: History) -> History {
    var history = history
    let index = number(below: history.operations.count)
    let other = number(below: history.operations.count)
    switch number(below: 4) {
    case 0:
      // An acknowledged operation that never was.
      history.operations.remove(at: index)
    case 1:
      // What one saw is what another saw.
      history.operations[index].takeReply(of: history.operations[other])
    case 2:
      let shift = value(below: 61) - 30
      history.operations[index].invoke += shift
      history.operations[index].end = history.operations[index].end.map { $0 + shift }
    default:
      let copy = history.operations[index]
      history.operations[index].takeReply(of: history.operations[other])
      history.operations[other].takeReply(of: copy)
    }
    return history
  }
}

extension History {
  fileprivate var isOrderly: Bool {
    Dictionary(grouping: operations, by: \.process).values.allSatisfy { operations in
      let sorted = operations.sorted { $0.invoke < $1.invoke }
      return zip(sorted, sorted.dropFirst()).allSatisfy { ($0.end ?? .max) < $1.invoke }
    }
  }
}

extension RecordedOperation {
  /// Sees what another operation saw, access by access where they ask the same.
  fileprivate mutating func takeReply(of other: RecordedOperation) {
    guard ending == .ok && other.ending == .ok else { return }
    for (index, pair) in zip(accesses, other.accesses).enumerated() {
      switch (pair.0.action, pair.1.action) {
      case (.read, .read), (.list, .list): accesses[index].action = pair.1.action
      case (.add(let amount, _), .add(_, let result)): accesses[index].action = .add(amount, result: result)
      default: continue
      }
    }
  }
}
