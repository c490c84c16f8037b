/// Why a service is not available; `contend` prints it and exits with 69.
public struct ServiceFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong and what to do, for the user; the last lines of a server's log may follow on lines of their own.
  public let message: String
  /// Makes a failure.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}
