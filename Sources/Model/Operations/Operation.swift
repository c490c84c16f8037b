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

  /// Index of the record whose lock protects this one: mostly its own. A lock service takes it instead, for example one
  /// for all runs of a job. The last field, so that what every strategy reads lies together.
  public var lock: Int32

  /// Makes a step; `operand` and `bound` matter to `.add` only, and the lock is the record's own unless stated.
  public init(key: Int, _ effect: Effect, operand: Int64 = 0, bound: Int64 = .min, lock: Int? = nil) {
    self.key = Int32(truncatingIfNeeded: key)
    self.effect = effect
    self.operand = operand
    self.bound = bound
    self.lock = Int32(truncatingIfNeeded: lock ?? key)
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

/// Which operation of a trial it is: the same for all its attempts, and in every process.
public struct OperationIdentity: Hashable, Sendable {
  /// Index of the worker over all processes.
  public let worker: Int
  /// Number of the operation of this worker, from 1.
  public let number: Int64
  /// Makes an identity.
  public init(worker: Int, number: Int64) {
    self.worker = worker
    self.number = number
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
/// A handle: all but the token lies in the ring of operations of the thread, which outlives the worker, so that going on
/// to the next operation is one store.
public struct Operation: @unchecked Sendable {  // because headers and steps are written before the workers start
  /// What stands in front of the steps.
  public struct Header {
    /// Its position in the ring.
    public let index: Int32
    @usableFromInline let count: UInt16
    /// Run only if the worker's operation before this one committed.
    public let followsCommit: Bool
    @usableFromInline let isReadOnly: Bool
  }

  /// The header; the steps lie behind it.
  public var header: UnsafePointer<Header>
  /// Identifies the worker in records that it claims; never 0.
  public let token: Int64

  /// The most records that one operation may touch.
  public static let maximumSteps = 8

  /// Makes a handle for what ``store(_:index:at:)`` has stored; the caller keeps it alive.
  @inlinable public init(_ header: UnsafePointer<Header>, token: Int64) {
    self.header = header
    self.token = token
  }

  /// The steps, in the order in which a strategy must take its locks.
  @inlinable @inline(__always) public var steps: UnsafePointer<Step> {
    UnsafeRawPointer(header + 1).assumingMemoryBound(to: Step.self)
  }
  /// How many steps there are: 1 to ``maximumSteps``.
  @inlinable @inline(__always) public var count: Int { Int(header.pointee.count) }
  /// True when every step only reads.
  @inlinable @inline(__always) public var isReadOnly: Bool { header.pointee.isReadOnly }

  /// Bytes of a header and so many steps.
  public static func byteCount(steps: Int) -> Int {
    MemoryLayout<Header>.stride + steps * MemoryLayout<Step>.stride
  }

  /// Stores a header and steps.
  ///
  /// - Parameters:
  ///   - index: the position in the ring.
  ///   - bytes: room for ``byteCount(steps:)``, aligned to 8.
  public static func store(_ template: OperationTemplate, index: Int, at bytes: UnsafeMutableRawPointer) {
    let header = Header(
      index: Int32(index), count: UInt16(template.steps.count), followsCommit: template.followsCommit,
      isReadOnly: template.steps.allSatisfy { $0.effect == .read })
    bytes.storeBytes(of: header, as: Header.self)
    let steps = (bytes + MemoryLayout<Header>.stride).assumingMemoryBound(to: Step.self)
    for (position, step) in template.steps.enumerated() { steps[position] = step }
  }

  /// Whether the lock of a step has to be taken: it is not that of an earlier one.
  @inlinable public func takesLock(_ index: Int) -> Bool {
    var earlier = 0
    while earlier < index {
      if steps[earlier].lock == steps[index].lock { return false }
      earlier &+= 1
    }
    return true
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
