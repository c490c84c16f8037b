internal import Model

/// An object as one process alone would see it: which operations a state allows, and what becomes of it.
enum SequentialModel {
  /// A value; nil is that of a register which was never written.
  typealias State = Int64?

  /// The state after an operation on a register or a counter; nil when its results do not fit the state.
  ///
  /// - Parameter isCertain: whether the results are known; one that may have happened accepts any.
  static func step(_ state: State, _ operation: KeyOperation) -> State? {
    var state = state
    for action in operation.actions {
      switch action {
      case .read(let value):
        if operation.isCertain && value != state { return .none }
      case .write(let value): state = value
      case .cas(let expected, let new):
        if state != expected { return .none }
        state = new
      case .add(let amount, let result):
        let sum = (state ?? 0) &+ amount
        if operation.isCertain, let result, result != sum { return .none }
        state = sum
      case .acquire:
        if state == 1 { return .none }
        state = 1
      case .release:
        if state != 1 { return .none }
        state = nil
      // Lists are judged as transactions.
      case .append, .list: return .none
      }
    }
    return .some(state)
  }
}
