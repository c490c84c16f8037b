/// What an operation of a history did to one record, or to one lock.
public struct Access: Sendable, Equatable {
  /// The record or the lock.
  public var key: Int64
  /// What was done, with its values.
  public var action: Action
  /// The version of the record as the store states it: the one read, or the one that a change made. Nil when the store
  /// counts none or it is not known.
  public var version: Int64?
  /// The version that a change replaced; nil when that is not known.
  public var replaced: Int64?

  /// Makes an access.
  public init(_ key: Int64, _ action: Action, version: Int64? = nil, replaced: Int64? = nil) {
    self.key = key
    self.action = action
    self.version = version
    self.replaced = replaced
  }

  /// What can be done. A value of nil is that of a record which was never written and has no initial value.
  public enum Action: Sendable, Hashable {
    /// Saw this value.
    case read(Int64?)
    /// Stored this value.
    case write(Int64?)
    /// Stored `new` if the value was `expected`; one that failed found another.
    case cas(expected: Int64?, new: Int64?)
    /// Added this amount; `result` is the new value, nil when the store did not tell it.
    case add(Int64, result: Int64?)
    /// Added an element at the end of a list.
    case append(Int64)
    /// Saw these elements of a list; a list that was never appended to is empty.
    case list([Int64])
    /// Took the lock.
    case acquire
    /// Gave the lock back.
    case release
  }
}
