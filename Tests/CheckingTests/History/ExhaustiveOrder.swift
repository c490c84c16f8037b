import Model

/// Every order of a few operations, tried one by one: slow, and too simple to be wrong. What checkers are compared with.
struct ExhaustiveOrder {
  /// What an operation makes of the state; nil when its results do not fit.
  typealias Step<State> = (State, RecordedOperation) -> State?

  /// Whether some order of all operations that took effect, and of any that may have, explains every result.
  ///
  /// - Parameter agreesWithTime: whether an operation that ended before another began must come before it.
  static func exists<State>(
    _ operations: [RecordedOperation], from initial: State, agreesWithTime: Bool = true, _ step: Step<State>
  ) -> Bool {
    extend(operations.filter { $0.ending != .fail }, initial, agreesWithTime, step)
  }

  private static func extend<State>(
    _ left: [RecordedOperation], _ state: State, _ agreesWithTime: Bool, _ step: Step<State>
  ) -> Bool {
    if left.allSatisfy({ $0.ending == .info }) { return true }
    for (index, operation) in left.enumerated() {
      let isTooEarly = left.contains { $0.ending == .ok && ($0.end ?? .max) < operation.invoke }
      if agreesWithTime && isTooEarly { continue }
      guard let after = step(state, operation) else { continue }
      var rest = left
      rest.remove(at: index)
      if extend(rest, after, agreesWithTime, step) { return true }
    }
    return false
  }

  /// A register, a counter or a lock that anybody may release.
  static func register(_ state: Int64?, _ operation: RecordedOperation) -> Int64?? {
    var state = state
    let isSeen = operation.ending == .ok
    for access in operation.accesses {
      switch access.action {
      case .read(let value): if isSeen && value != state { return .none }
      case .write(let value): state = value
      case .cas(let expected, let new):
        if state != expected { return .none }
        state = new
      case .add(let amount, let result):
        state = (state ?? 0) + amount
        if isSeen, let result, result != state { return .none }
      case .acquire:
        if state != nil { return .none }
        state = 1
      case .release:
        if state == nil { return .none }
        state = nil
      case .append, .list: return .none
      }
    }
    return .some(state)
  }

  /// A lock that only its owner may release.
  static func ownedLock(_ owner: Int?, _ operation: RecordedOperation) -> Int?? {
    switch operation.accesses[0].action {
    case .acquire: owner == nil ? .some(operation.process) : .none
    default: owner == operation.process ? .some(nil) : .none
    }
  }

  /// Lists by key.
  static func lists(_ lists: [Int64: [Int64]], _ operation: RecordedOperation) -> [Int64: [Int64]]? {
    var lists = lists
    for access in operation.accesses {
      switch access.action {
      case .append(let element): lists[access.key, default: []].append(element)
      case .list(let elements): if operation.ending == .ok && elements != lists[access.key] ?? [] { return nil }
      default: return nil
      }
    }
    return lists
  }

  /// Registers by key.
  static func registers(_ values: [Int64: Int64], _ operation: RecordedOperation) -> [Int64: Int64]? {
    var values = values
    for access in operation.accesses {
      switch access.action {
      case .write(let value): values[access.key] = value
      case .read(let value): if operation.ending == .ok && value != values[access.key] { return nil }
      default: return nil
      }
    }
    return values
  }
}
