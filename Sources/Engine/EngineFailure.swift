/// Why a run could not go on, in one sentence for the user.
public struct EngineFailure: Error, Sendable, CustomStringConvertible {
  /// What it means for the exit code.
  public enum Kind: Sendable {
    /// A server is missing, cannot be reached, or refuses us.
    case serviceUnavailable
    /// What was asked for on the command line cannot be done.
    case usage
    /// The run could not be continued: what was finished stands.
    case incomplete
    /// The user interrupted the run.
    case interrupted
    /// The operating system or this program failed.
    case `internal`
  }
  /// Its kind.
  public let kind: Kind
  /// What is wrong and what to do.
  public let message: String
  /// Makes a failure.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  /// The message.
  public var description: String { message }
}
