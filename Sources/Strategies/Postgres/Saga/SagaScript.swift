internal import Model

/// What a saga does: the steps of an operation, grouped by the database that they concern. Each group is one step of the
/// saga, a transaction of its own.
///
/// Arrays that keep their room, so that going on to the next operation allocates nothing.
struct SagaScript {
  /// A transaction at one database.
  struct Group {
    /// Position of the database.
    let database: Int
    /// Its changes, as positions in ``SagaScript/changes``.
    let changes: Range<Int>
  }

  /// One record, and what is asked of it.
  struct Change {
    var step: Step
    /// Which record it is in its database.
    var local: Int32
    /// Position in the operation.
    var position: Int
  }

  private(set) var groups: [Group] = []
  private(set) var changes: [Change] = []
  /// Identifies the worker in records that it claims.
  private(set) var token: Int64 = 0
  /// Whether nothing can undo it: what was given back may have another owner. It is only done forward.
  private(set) var isRetriable = false
  private let sharding: Sharding
  private let isInOrderOfDatabases: Bool

  /// - Parameter isInOrderOfDatabases: so that sagas that wait for each other's end never wait in a circle; else in the
  ///   order of the operation, with what nobody can refuse at the end.
  init(_ sharding: Sharding, isInOrderOfDatabases: Bool) {
    self.sharding = sharding
    self.isInOrderOfDatabases = isInOrderOfDatabases
    groups.reserveCapacity(ShardedStore.maximumShards)
    changes.reserveCapacity(Operation.maximumSteps)
  }

  /// Takes an operation.
  mutating func set(_ operation: Operation) {
    groups.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    token = operation.token
    isRetriable = false
    if isInOrderOfDatabases {
      for database in 0..<sharding.count { add(database, operation) }
      return
    }
    // Twice through the databases in the order of the operation: a saga turns back before what cannot be refused.
    for isCertain in [false, true] {
      for index in 0..<operation.count {
        let database = sharding.shard(of: operation[index].key)
        if isFirst(index, of: database, operation), isCertain == cannotBeRefused(database, operation) {
          add(database, operation)
        }
      }
    }
  }

  private func isFirst(_ index: Int, of database: Int, _ operation: Operation) -> Bool {
    for earlier in 0..<index where sharding.shard(of: operation[earlier].key) == database { return false }
    return true
  }

  private func cannotBeRefused(_ database: Int, _ operation: Operation) -> Bool {
    for index in 0..<operation.count where sharding.shard(of: operation[index].key) == database {
      let step = operation[index]
      if step.effect != .read && (step.effect != .add || step.bound != .min) { return false }
    }
    return true
  }

  private mutating func add(_ database: Int, _ operation: Operation) {
    let first = changes.count
    for index in 0..<operation.count where sharding.shard(of: operation[index].key) == database {
      append(operation[index], at: index)
    }
    if changes.count > first { groups.append(Group(database: database, changes: first..<changes.count)) }
  }

  private mutating func append(_ step: Step, at position: Int) {
    if step.effect == .release { isRetriable = true }
    changes.append(Change(step: step, local: sharding.local(step.key), position: position))
  }

  // MARK: as data

  /// The most numbers that ``data`` has.
  static let largestData = 1 + 3 * Operation.maximumSteps

  /// Calls a body with each number of what is stored with the saga: who it is, then three numbers for each change.
  func forEachNumber(_ body: (Int64) -> Void) {
    body(token)
    for change in changes {
      body(Int64(change.step.key) << 8 | Int64(change.step.effect.rawValue))
      body(change.step.operand)
      body(change.step.bound)
    }
  }

  /// Takes what was stored; false when it is no script.
  mutating func restore(_ data: [Int64]) -> Bool {
    groups.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    isRetriable = false
    guard let first = data.first, data.count > 1, data.count % 3 == 1 else { return false }
    token = first
    for start in stride(from: 1, to: data.count, by: 3) {
      guard let effect = Effect(rawValue: UInt8(truncatingIfNeeded: data[start])) else { return false }
      let step = Step(key: Int(data[start] >> 8), effect, operand: data[start + 1], bound: data[start + 2])
      append(step, at: changes.count)
      let database = sharding.shard(of: step.key)
      if let last = groups.last, last.database == database {
        groups[groups.count - 1] = Group(
          database: database, changes: last.changes.lowerBound..<changes.count)
      } else {
        groups.append(Group(database: database, changes: changes.count - 1..<changes.count))
      }
    }
    return true
  }
}

extension Step {
  /// The value before the change, of the value now; nil when that cannot be: somebody else has taken the record.
  func undo(_ value: Int64, token: Int64) -> Int64? {
    switch effect {
    case .read, .requireFree: value
    case .add: value &- operand
    case .claim, .release: value == replacement(token: token) ? expected(token: token) : nil
    }
  }
}
