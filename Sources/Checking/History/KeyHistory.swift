internal import Model

/// What one operation did to one record.
struct KeyOperation {
  /// Its position in the history.
  let index: Int
  let process: Int
  let invoke: Int64
  /// The latest moment at which it took effect: without end when it may still do so.
  let end: Int64
  /// Whether it took effect for certain; otherwise it may have.
  let isCertain: Bool
  /// What was done, as one step.
  var actions: [Access.Action]
  var version: Int64?
  var replaced: Int64?

  /// Whether it changes nothing.
  var onlyReads: Bool { actions.allSatisfy { Access(0, $0).onlyReads } }
}

/// The operations on one record that may have taken effect. Records can be judged one by one: a whole is linearizable
/// if and only if each record is (Herlihy and Wing 1990).
struct KeyHistory {
  let key: Int64
  var operations: [KeyOperation] = []
  /// Values that failed operations would have stored: whoever sees one has seen what never was.
  var failed: Set<Int64> = []

  /// All records of a history in ascending order.
  static func all(of history: History) -> [KeyHistory] { split(history) { !$0.isOfLock } }

  /// All locks of a history in ascending order.
  static func locks(of history: History) -> [KeyHistory] { split(history, \.isOfLock) }

  private static func split(_ history: History, _ isMeant: (Access) -> Bool) -> [KeyHistory] {
    var positions: [Int64: Int] = [:]
    var keys: [KeyHistory] = []
    for (index, operation) in history.operations.enumerated() {
      for (order, access) in operation.accesses.enumerated() where isMeant(access) {
        let position = positions[access.key] ?? keys.count
        if position == keys.count {
          positions[access.key] = position
          keys.append(KeyHistory(key: access.key))
        }
        let isFirst = order == 0 || !operation.accesses[..<order].contains { $0.key == access.key && isMeant($0) }
        keys[position].append(access, of: operation, at: index, isFirst: isFirst)
      }
    }
    return keys.sorted { $0.key < $1.key }
  }

  private mutating func append(_ access: Access, of operation: RecordedOperation, at index: Int, isFirst: Bool) {
    if operation.ending == .fail {
      if let value = access.storedValue { failed.insert(value) }
      return
    }
    let isCertain = operation.ending == .ok
    if !isCertain && access.onlyReads { return }
    if let last = operations.indices.last, !isFirst, operations[last].index == index {
      operations[last].actions.append(access.action)
      // As one step: from the version that it saw first to the one that it made last.
      if let version = access.version, !access.onlyReads {
        if operations[last].replaced == nil { operations[last].replaced = access.replaced ?? operations[last].version }
        operations[last].version = version
      }
    } else {
      operations.append(
        KeyOperation(
          index: index, process: operation.process, invoke: operation.invoke,
          end: isCertain ? operation.end ?? .max : .max, isCertain: isCertain, actions: [access.action],
          version: access.version, replaced: access.replaced))
    }
  }
}

extension Access {
  var isOfLock: Bool { action == .acquire || action == .release }

  var isOfList: Bool {
    switch action {
    case .append, .list: true
    default: false
    }
  }

  var onlyReads: Bool {
    switch action {
    case .read, .list: true
    default: false
    }
  }

  /// The value in the record afterwards, if this changed it and the value is known.
  var storedValue: Int64? {
    switch action {
    case .write(let value): value
    case .cas(_, let new): new
    case .add(_, let result): result
    default: nil
    }
  }
}
