#if Memcached
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One connection of one worker: an operation costs one `send`, one `recv` and its share of an `epoll_wait`, and allocates
/// nothing.
///
/// A request is built in ``request``, then ``exchange(_:until:)`` sends it and waits for all its replies. The server says
/// nothing unasked, so after complete replies nothing is left to read, and an edge-triggered wait misses nothing.
struct MemcachedConnection: ~Copyable {
  var request = RequestBuffer()
  private(set) var replies = ReplyReader()
  /// Why the last exchange was lost.
  private var problem = ConnectionProblem.closed
  let configuration: MemcachedConfiguration
  private let loop: EventLoop
  private let events: EventCounter
  private var readiness: Readiness?
  private var descriptor: Int32 = -1

  /// How a request came to have no answer.
  enum Loss: Error {
    /// Nothing of it was sent.
    case notSent
    /// Some or all of it was sent: it may have been carried out.
    case unanswered
  }

  /// A connection that is not open yet.
  init(_ configuration: MemcachedConfiguration, _ worker: WorkerContext) {
    self.configuration = configuration
    loop = worker.loop
    events = worker.events
  }

  deinit {
    readiness?.deregister()
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// How long the server may be silent while a session opens, in seconds.
  static var patience: Int { 5 }

  /// Opens the connection, or opens it anew. Takes ``patience`` at most.
  mutating func open() async throws(SetupFailure) {
    let deadline = monotonicNow() + Int64(Self.patience) * 1_000_000_000
    do throws(ConnectionProblem) {
      drop()
      try await connect(until: deadline)
      request.clear()
      request.append("mn\r\n")
      do throws(Loss) { try await exchange(1, until: deadline) } catch { throw problem }
      guard replies.kind(0) == .done else { throw .notMemcached }
    } catch {
      drop()
      throw error.failure(configuration.address)
    }
  }

  /// Sends one command that counts as a worker's, between attempts.
  mutating func askOnce() async throws(SetupFailure) {
    count(commands: 1)
    do throws(Loss) {
      try await exchange(1, until: monotonicNow() + Int64(Self.patience) * 1_000_000_000)
    } catch {
      throw problem.failure(configuration.address)
    }
  }

  private mutating func connect(until deadline: Int64) async throws(ConnectionProblem) {
    do throws(ConnectFailure) {
      descriptor = try await loop.connect(to: configuration.address.sockets, until: deadline)
    } catch {
      throw ConnectionProblem(error, configuration.address, seconds: Self.patience)
    }
    readiness = loop.register(descriptor)
  }

  /// Closes the connection if there is one.
  mutating func drop() {
    readiness?.deregister()
    readiness = nil
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Counts commands that are part of operations, which is what the server's counts are compared with.
  func count(commands: Int) { events.add(.statements, Int64(commands)) }

  /// Sends the request and waits for its replies, one per command. After a loss the connection is closed.
  ///
  /// - Parameter deadline: a moment of ``monotonicNow()`` after which a silent server is given up; nil in operations,
  ///   which wait as long as it takes.
  mutating func exchange(_ commands: Int, until deadline: Int64? = nil) async throws(Loss) {
    guard let readiness else { throw .notSent }
    replies.expect(commands)
    if _slowPath(try !sendAtOnce()) { try await sendRest(readiness) }
    while true {
      if let deadline {
        guard await loop.wait(for: readiness, until: deadline) else { throw lose(.silent(seconds: Self.patience)) }
      } else {
        await readiness.readable()
      }
      if try receive() { return }
    }
  }

  private mutating func lose(_ problem: ConnectionProblem, _ loss: Loss = .unanswered) -> Loss {
    self.problem = problem
    drop()
    return loss
  }

  /// Whether the socket took the whole request; if it took a part, that is taken off the request.
  private mutating func sendAtOnce() throws(Loss) -> Bool {
    // The server has ended the session while it was idle: it will read nothing of this.
    if _slowPath(readiness?.hasHungUp == true) { throw lose(.closed, .notSent) }
    let sent = Glibc.send(descriptor, request.bytes, request.count, Int32(MSG_NOSIGNAL))
    if _fastPath(sent == request.count) { return true }
    if sent < 0 {
      guard errno == EAGAIN || errno == EINTR else { throw lose(.closed, .notSent) }
      return false
    }
    request.removeFirst(sent)
    return false
  }

  /// The rare case of a full send buffer.
  private mutating func sendRest(_ readiness: Readiness) async throws(Loss) {
    while request.count > 0 {
      let sent = Glibc.send(descriptor, request.bytes, request.count, Int32(MSG_NOSIGNAL))
      if sent >= 0 {
        request.removeFirst(sent)
      } else if errno == EAGAIN {
        await readiness.readableOrWritable()
      } else if errno != EINTR {
        throw lose(.closed)
      }
    }
  }

  /// Reads what has come; true when all replies are complete.
  private mutating func receive() throws(Loss) -> Bool {
    while true {
      let space = replies.space()
      let count = recv(descriptor, space.baseAddress, space.count, 0)
      if _slowPath(count <= 0) {
        if count < 0 && errno == EAGAIN { return false }
        if count < 0 && errno == EINTR { continue }
        throw lose(.closed)
      }
      guard let isComplete = replies.take(count) else { throw lose(.notMemcached) }
      if isComplete { return true }
      // A short read has emptied the socket: what comes later is a new edge.
      if count < space.count { return false }
    }
  }
}

/// Requests within an attempt.
extension MemcachedConnection {
  /// Sends the request and waits for its replies, one per command.
  ///
  /// - Parameter decides: whether the request may leave an effect behind, so that a lost answer is `ambiguous`.
  mutating func perform(
    _ commands: Int, decides: Bool, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    count(commands: commands)
    do throws(Loss) {
      try await exchange(commands)
    } catch {
      if error == .notSent {
        count(commands: -commands)
        throw .connectionLost
      }
      throw decides ? .ambiguous : .connectionLost
    }
    if let error = replies.error {
      attempt.note(error: "memcached answered: " + error)
      throw .error
    }
  }

  /// Stores the number of one reply to `get`.
  func takeValue(_ attempt: inout Attempt, step: Int) throws(AttemptFailure) {
    guard let value = replies.number(step) else { throw missing(attempt.operation[step].key, attempt) }
    attempt.values[step] = value
  }

  /// A record that is not there is no zero: it was evicted, or the server was flushed.
  func missing(_ key: Int32, _ attempt: Attempt) -> AttemptFailure {
    attempt.note(
      error: "record \(key) is missing in memcached, or is no number: did the server evict it (-m), or was it flushed?")
    return .error
  }
}
#endif
