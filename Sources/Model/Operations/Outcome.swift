/// How an operation ended, however many attempts it took.
public enum Outcome: UInt8, Sendable, CaseIterable, Codable {
  /// Its effect is in the store.
  case committed
  /// The business rule said no; nothing was stored.
  case refused
  /// The retry policy ran out of attempts or of time; nothing was stored.
  case gaveUp
  /// An error that a retry does not cure; nothing was stored.
  case failed
  /// It may have happened, now or later: the answer to the deciding request was lost.
  case unknown
}

/// How an attempt that did not fail ended.
public enum AttemptResult: UInt8, Sendable {
  /// The effect is in the store.
  case committed
  /// The business rule said no.
  case refused
}

/// Why an attempt failed. Raw values follow the order of the failure classes in ``Counter``.
public enum AttemptFailure: UInt8, Error, Sendable, CaseIterable {
  /// Somebody else won: a version moved, a transaction could not be serialised. Nothing was stored.
  case conflict
  /// The server broke a deadlock by ending this attempt. Nothing was stored.
  case deadlock
  /// A lock was not granted within the server's limit. Nothing was stored.
  case lockTimeout
  /// A lock was not granted within the client's limit. Nothing was stored.
  case notAcquired
  /// The lock was held and then lost before anything was stored.
  case leaseLost
  /// The connection was lost before the deciding request was sent. Nothing was stored; the session must be reopened.
  case connectionLost
  /// The connection was lost after the deciding request was sent: it may have happened.
  case ambiguous
  /// Any other error; a retry would not help. Nothing was stored.
  case error

  /// Whether another attempt makes sense.
  @inlinable public var isRetryable: Bool { self != .ambiguous && self != .error }
  /// Whether the session must be opened anew before the next attempt.
  @inlinable public var breaksSession: Bool { self == .connectionLost || self == .ambiguous }
}

/// Why a strategy could not be set up or a session not be opened, in one sentence for the user.
public struct SetupFailure: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let message: String
  /// Makes a failure from a sentence without credentials.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}
