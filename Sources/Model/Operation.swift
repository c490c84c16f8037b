/// What an operation asks of one record, as a guarded change of its value.
///
/// Stating a change this way serves every family of strategies: a transaction reads the value and calls
/// ``apply(to:token:)``; an atomic strategy turns the same guard into one conditional statement.
public enum Effect: UInt8, Sendable, Codable {
  /// Only look at the value.
  case read
  /// Add `operand`, if the result is at least `bound`.
  case add
  /// Take a free record (value 0): store the token of the worker. Refused when the record is not free.
  case claim
  /// Give a record back (value = the token of the worker): store 0. Refused when the record is not ours.
  case release
  /// Only look at a record, which must be free (value 0). Refused when it is not.
  case requireFree
}

/// One record that an operation touches, and what it asks of it.
public struct Step: Sendable {
  /// Index of the record, from 0.
  public var key: Int32
  /// What is asked.
  public var effect: Effect
  /// The amount of an `add`.
  public var operand: Int64
  /// The least result that an `add` allows; `Int64.min` for no guard.
  public var bound: Int64

  /// Makes a step; `operand` and `bound` matter to `.add` only.
  public init(key: Int, _ effect: Effect, operand: Int64 = 0, bound: Int64 = .min) {
    self.key = Int32(truncatingIfNeeded: key)
    self.effect = effect
    self.operand = operand
    self.bound = bound
  }

  /// Whether the record changes; otherwise the operation only looks at it.
  @inlinable @inline(__always) public var writes: Bool { effect != .read && effect != .requireFree }

  /// The value that a guarded replacement expects to find: the token for a release, else 0.
  @inlinable public func expected(token: Int64) -> Int64 { effect == .release ? token : 0 }

  /// The value that a guarded replacement stores: the token for a claim, else 0. To require that a record is free is to
  /// replace 0 by 0 where looking and writing are one statement.
  @inlinable public func replacement(token: Int64) -> Int64 { effect == .claim ? token : 0 }

  /// The new value, or nil when the guard refuses.
  @inlinable @inline(__always) public func apply(to value: Int64, token: Int64) -> Int64? {
    if _fastPath(effect == .add) {
      let result = value &+ operand
      return result < bound ? nil : result
    }
    return replace(value, token: token)
  }

  /// What an effect other than `add` makes of a value. Not inlined: what it needs would take registers, and with them
  /// stores, from loops that add, and an atomic instruction waits for every store before it.
  @usableFromInline @inline(never) func replace(_ value: Int64, token: Int64) -> Int64? {
    if effect == .read { return value }
    return value == expected(token: token) ? replacement(token: token) : nil
  }

  /// By how much a granted step changes the value of its record: what a store of entries adds.
  @inlinable public func change(token: Int64) -> Int64 {
    effect == .add ? operand : replacement(token: token) &- expected(token: token)
  }

  /// By how much a committed step changes the ledger of its record: the amount of an `add`, 1 for a claim,
  /// -1 for a release.
  @inlinable public var ledgerDelta: Int64 {
    if _fastPath(effect == .add) { return operand }
    return effect == .claim ? 1 : effect == .release ? -1 : 0
  }
}

/// What an operation decides after it has seen the values.
public enum Decision: UInt8, Sendable {
  /// Store the new values and commit.
  case write
  /// Nothing to store: the operation only read.
  case readOnly
  /// The business rule says no; nothing is stored.
  case refuse
}

/// One request of a worker: the records that it touches and a pure decision over their values.
///
/// A handle of a few words. The steps belong to the ring of operations of the thread, which outlives the worker.
public struct Operation: @unchecked Sendable {  // because the steps are written before the workers start
  /// The steps, in the order in which a strategy must take its locks.
  public var steps: UnsafePointer<Step>
  /// How many steps there are: 1 to ``maximumSteps``.
  public var count: Int
  /// Identifies the worker in records that it claims; never 0.
  public let token: Int64
  /// True when every step only reads.
  public var isReadOnly: Bool

  /// The most records that one operation may touch.
  public static let maximumSteps = 8

  /// Makes a handle; the caller keeps the steps alive.
  @inlinable public init(steps: UnsafePointer<Step>, count: Int, token: Int64, isReadOnly: Bool) {
    self.steps = steps
    self.count = count
    self.token = token
    self.isReadOnly = isReadOnly
  }

  /// The step at a position from 0 to `count - 1`.
  @inlinable public subscript(index: Int) -> Step { steps[index] }

  /// Decides over the values read, and replaces them by the values to write.
  ///
  /// `values` holds `count` values in the order of the steps. After `.refuse` its content is not meaningful.
  @inlinable @inline(__always) public func decide(_ values: UnsafeMutablePointer<Int64>) -> Decision {
    if isReadOnly { return .readOnly }
    var index = 0
    while index < count {
      guard let new = steps[index].apply(to: values[index], token: token) else { return .refuse }
      values[index] = new
      index &+= 1
    }
    return .write
  }
}
