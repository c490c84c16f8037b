/// One operation of a history: who did what, when, how it ended and what it saw.
///
/// Times are nanoseconds of one monotonic clock since the start of the history. An operation took effect, if at all, at
/// some moment from ``invoke`` to ``end``, both included.
public struct RecordedOperation: Sendable, Equatable {
  /// The worker, as checkers know it: one operation after the other. After an operation that ended as ``Ending/info`` or
  /// not at all, whose effect may land later, the worker goes on under another number.
  public var process: Int
  /// What it was, in one word; what it did to which record say ``accesses``.
  public var function: Function
  /// When it was sent.
  public var invoke: Int64
  /// When its answer was there; nil when it never ended, because its worker was killed or the trial was over.
  public var end: Int64?
  /// What is known of its effect.
  public var ending: Ending
  /// What it did, in order. Of operations that did not end as ``Ending/ok`` the values read mean nothing.
  public var accesses: [Access]
  /// The token of the lock that it held, or that an acquire was given; nil when there is none.
  public var token: Int64?
  /// The locks that it held, in order of their grants: one for each lock and attempt.
  public var holds: [Hold]
  /// Why it did not end as ``Ending/ok``, as the server or the client said; nil when there is nothing to say.
  public var error: String?
  /// How many attempts it took: the last one decided how it ended.
  public var attempts: Int64

  /// Makes an operation.
  public init(
    process: Int, _ function: Function, invoke: Int64, end: Int64?, _ ending: Ending, _ accesses: [Access],
    token: Int64? = nil, holds: [Hold] = [], error: String? = nil, attempts: Int64 = 1
  ) {
    self.process = process
    self.function = function
    self.invoke = invoke
    self.end = end
    self.ending = ending
    self.accesses = accesses
    self.token = token
    self.holds = holds
    self.error = error
    self.attempts = attempts
  }

  /// What is known of the effect of an operation. The words are those of Jepsen.
  public enum Ending: String, Sendable, CaseIterable {
    /// It took effect, from its invoke to its end.
    case ok
    /// It took no effect and never will.
    case fail
    /// It may have taken effect, and may do so at any later moment; also that of an operation that never ended.
    case info
  }

  /// What an operation was. The words are those of Jepsen.
  public enum Function: String, Sendable, CaseIterable {
    /// Looks at records.
    case read
    /// Replaces values without looking.
    case write
    /// Replaces a value if it is the expected one: claims and releases of units are such.
    case cas
    /// Adds to one record.
    case add
    /// Takes from one record what it adds to another.
    case transfer
    /// Takes a lock.
    case acquire
    /// Gives a lock back.
    case release
    /// Anything else over one or more records that takes effect as a whole.
    case txn
  }
}

/// A lock that an operation believed to hold.
///
/// Whoever owns the lock holds it at least from ``granted`` to ``released``: two such segments of one exclusive lock
/// never overlap if the lock is one.
public struct Hold: Sendable, Equatable {
  /// The lock: the record that it protects, or what is locked instead.
  public var key: Int64
  /// When the grant was known.
  public var granted: Int64
  /// When the release was about to be sent; nil when it never was, because the worker was killed or lost its session.
  public var released: Int64?
  /// Makes a hold.
  public init(key: Int64, granted: Int64, released: Int64?) {
    self.key = key
    self.granted = granted
    self.released = released
  }
}
