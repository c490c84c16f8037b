/// Why a live gate cannot judge, in one sentence for the user.
public struct GateFailure: Error, Sendable {
  /// What it means for the exit code.
  public enum Kind: Sendable, Equatable {
    /// The command line asks for what cannot be done.
    case usage
    /// The two arms have nothing in common.
    case incomparable
    /// This program failed.
    case `internal`
    /// An arm refused, with the exit code that it would have had.
    case refused(status: Int32)
  }
  /// Its kind.
  public let kind: Kind
  /// What is wrong and what to do.
  public let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
