/// Why something about other hosts did not work, in one sentence with the remedy.
public struct HostFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; the command line chooses its exit status by it.
  public enum Kind: Sendable, Equatable {
    /// What was asked for makes no sense.
    case usage
    /// Something is missing, or nobody answers: it may work later.
    case unavailable
    /// The other side, or a file, is not to be trusted.
    case refused
    /// What arrived is not what was sent.
    case damaged
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// What is wrong and what to do, for the user.
  public let message: String

  /// Makes a failure.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
