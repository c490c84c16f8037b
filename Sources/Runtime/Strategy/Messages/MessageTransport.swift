public import Model

/// What carries messages from service to service: a table in the receiver's database, a stream, a queue of a broker.
///
/// Services are numbered from 0. Each has one destination, and all sessions that receive there compete: a message goes to
/// one of them. At least once: a message may come again, and receivers must bear that. A session is used by one task, and
/// holds one message in hand at most.
public protocol MessageTransport: Configurable, ~Copyable {
  /// When a message is acknowledged.
  static var acknowledging: Acknowledging { get }

  /// Connects, and makes what its role needs if it is not there (a queue, a consumer group); that others have made it
  /// meanwhile is no failure. Called on the worker's thread.
  static func open(
    _ configuration: Configuration, as role: MessageRole, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Self

  /// Replaces the connection after ``AttemptFailure/connectionLost`` or ``AttemptFailure/ambiguous``, and makes again what
  /// is gone. A message in hand is forgotten; the transport delivers it again, to this session or another.
  mutating func reopen() async throws(SetupFailure)

  /// Sends a message to a service. Returns when the transport has said that it keeps it (a commit, a reply, a publisher
  /// confirm), as safely as it keeps anything.
  ///
  /// - Throws: ``AttemptFailure/ambiguous`` when the answer was lost or the transport could not say; the caller sends it
  ///   again. ``AttemptFailure/connectionLost`` when nothing was sent.
  mutating func publish(_ message: borrowing Message, to service: Int) async throws(AttemptFailure)

  /// Waits for the next message to the service of its role, and takes it in hand. First come those that were delivered
  /// before and not acknowledged: its own, as soon as it opens; those of others, when they have been in their hands for
  /// ``MessageRole/patience`` or their connection has gone.
  ///
  /// With ``Acknowledging/withEffect`` only waits until there may be a message.
  ///
  /// - Parameters:
  ///   - message: becomes what was received, with ``Message/deliveries``.
  ///   - deadline: a moment of ``monotonicNow()`` beyond which not to wait. Must not burn CPU until then, and other tasks
  ///     of the loop must run meanwhile.
  /// - Returns: false when there was none.
  mutating func receive(_ message: inout Message, until deadline: Int64) async throws(AttemptFailure) -> Bool

  /// The message in hand has taken effect, which is committed: it must not come again. If the answer is lost it may.
  mutating func acknowledge() async throws(AttemptFailure)

  /// The message in hand was tried often enough: puts it among the dead letters of the service and acknowledges it, both or
  /// neither.
  mutating func reject(_ message: borrowing Message) async throws(AttemptFailure)

  /// What is left at a service; asked by the driver after a trial.
  mutating func count(at service: Int) async throws(AttemptFailure) -> MessageCounts

  /// The text of the last unexpected error, for the report; nil when there was none.
  var errorText: String? { get }

  /// Ends the session in good order; nothing else is called after it. A message in hand is delivered again to another.
  mutating func close() async
}

/// When a message is acknowledged.
public enum Acknowledging: Sendable {
  /// In the transaction of its effect: messages lie in the table `saga_inbox` of the receiver's database, and the service
  /// claims, handles and removes them there itself. The transport publishes, wakes and counts.
  case withEffect
  /// After the commit of its effect: who dies between the two gets the message again, and must know it.
  case afterEffect
}

/// What a session of a transport is for.
public struct MessageRole: Sendable {
  /// The service that it receives for; nil for a session that only publishes.
  public let service: Int?
  /// Which receiver it is among all of the trial, the same in a process that takes the place of another; -1 for the driver
  /// after the trial, when no other is left.
  public let receiver: Int
  /// How long a message may be in the hands of another receiver before it is taken over, in nanoseconds, where a transport
  /// does not notice itself that the other is gone; 0 for at once.
  public let patience: Int64

  /// Makes a role.
  public init(service: Int?, receiver: Int, patience: Int64) {
    self.service = service
    self.receiver = receiver
    self.patience = patience
  }
}
