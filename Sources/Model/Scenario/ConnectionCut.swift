/// What becomes of a connection that is cut.
public enum CutMeans: Sendable, Equatable, Codable {
  /// Both sides are told: TCP connections are reset, unix sockets closed.
  case reset
  /// The same, and nobody new is let in: who comes is reset.
  case refuse
  /// Nothing passes any more and nobody is told. What is not lost with a request passes when the cut is healed.
  case blackHole
  /// The client is told and the server is not: it keeps what the session holds until the cut is healed.
  case halfOpen
  /// Everything takes longer by this; each time by as much as `jitter` more or less.
  case delay(Duration, jitter: Duration)
  /// The client takes no more than so many bytes of answers per second.
  case slowReader(bytesPerSecond: Int)
}

/// Which sessions of workers a server is asked to end.
public enum SessionRole: String, Sendable, Equatable, Codable, CaseIterable {
  /// One of them, whatever it does.
  case any
  /// One that has a lock, in a transaction or for the session.
  case holder
  /// One that waits for a lock.
  case waiter
  /// All of them.
  case all
}

/// Requests at which a connection is cut.
public struct RequestSelection: Sendable, Equatable, Codable {
  /// On which side of the server's work the cut is.
  public enum Moment: String, Sendable, Equatable, Codable, CaseIterable {
    /// The server never hears of the request.
    case beforeForwarding = "before-forwarding"
    /// The server does what it was asked for, and the client never learns.
    case beforeReply = "before-reply"
  }
  /// Which of the requests of the kind.
  public enum Which: Sendable, Equatable, Codable {
    /// The one of this number, from 1, over all connections; once.
    case number(Int)
    /// Each with this probability, above 0 and at most 1.
    case share(Double)
  }
  /// On which side of the server's work.
  public var moment: Moment
  /// The kind: how the statement or command begins, in upper or lower case: `COMMIT`, `UPDATE`, `EXEC`, `SET`.
  public var kind: String
  /// Which of them.
  public var which: Which
  /// Makes a selection.
  public init(_ moment: Moment, of kind: String, _ which: Which) {
    self.moment = moment
    self.kind = kind
    self.which = which
  }
}
