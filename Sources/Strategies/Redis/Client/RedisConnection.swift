internal import CHiredis
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One connection of one worker. Parsed by hiredis; opened, written and read here, so that an operation costs one
/// `send`, one `recv` and its share of an `epoll_wait`, and allocates nothing.
///
/// A request is built in ``request``, then ``exchange(_:until:)`` sends it and waits for all its replies. The server says
/// nothing unasked, so after complete replies nothing is left to read, and an edge-triggered wait misses nothing.
struct RedisConnection: ~Copyable {
  var request = RequestBuffer()
  private(set) var replies: ReplyReader
  /// Why the last exchange was lost.
  private(set) var problem = ConnectionProblem.closed
  /// The server, and what is said to it at the beginning; takes effect when the connection is opened.
  var configuration: RedisConfiguration
  /// How long operations wait for an answer, in nanoseconds; nil for as long as it takes.
  var answerLimit: Int64?
  let loop: EventLoop
  private let events: EventCounter
  private var context: UnsafeMutablePointer<redisContext>?
  /// Nil while there is no connection.
  private(set) var readiness: Readiness?
  private var descriptor: Int32 = -1
  /// Bytes per `recv`, on the stack: more than the replies of an operation have.
  private static let inputCapacity = 1024

  /// How a request came to have no answer.
  enum Loss: Error {
    /// Nothing of it was sent.
    case notSent
    /// Some or all of it was sent: it may have been carried out.
    case unanswered
  }

  /// A connection that is not open yet.
  init(_ configuration: RedisConfiguration, _ worker: WorkerContext) throws(SetupFailure) {
    guard let replies = ReplyReader() else { throw ConnectionProblem.noMemory.failure(configuration.address) }
    self.replies = replies
    self.configuration = configuration
    loop = worker.loop
    events = worker.events
  }

  deinit {
    readiness?.deregister()
    if let context { redisFree(context) }
  }

  /// Takes over a connected context, which is freed with this connection.
  mutating func adopt(_ context: UnsafeMutablePointer<redisContext>) {
    drop()
    self.context = context
    descriptor = context.pointee.fd
    readiness = loop.register(descriptor)
  }

  /// Closes the connection if there is one. What the reader holds of an unfinished reply goes with it.
  mutating func drop() {
    readiness?.deregister()
    readiness = nil
    if let context { redisFree(context) }
    context = nil
    descriptor = -1
  }

  /// Puts an empty reader in the place of one that may hold half a reply.
  mutating func resetReplies() throws(ConnectionProblem) {
    guard let fresh = ReplyReader() else { throw .noMemory }
    replies = fresh
  }

  /// Counts commands that are part of operations, which is what the server's counts are compared with.
  @inline(__always) func count(commands: Int) { events.add(.statements, Int64(commands)) }

  /// Sends the request and waits for its replies, one per command. After a loss the connection is closed.
  ///
  /// - Parameter deadline: a moment of ``monotonicNow()`` after which a silent server is given up; nil in operations,
  ///   which wait as long as it takes.
  mutating func exchange(_ commands: Int, until deadline: Int64? = nil) async throws(Loss) {
    guard let readiness else { throw .notSent }
    replies.expect(commands)
    if _slowPath(try !sendAtOnce()) { try await sendRest(readiness) }
    try await collect(readiness, until: deadline)
  }

  private mutating func collect(_ readiness: Readiness, until deadline: Int64?) async throws(Loss) {
    while true {
      if let deadline {
        guard await loop.wait(for: readiness, until: deadline) else { throw lose(.silent(seconds: Self.patience)) }
      } else {
        await readiness.readable()
      }
      if try receive() { return }
    }
  }

  /// Sends a request whose replies are read by ``receiveBytes(_:)``.
  ///
  /// - Returns: false when the connection is lost, or takes no more.
  mutating func post() -> Bool {
    do throws(Loss) { return readiness != nil ? try sendAtOnce() : false } catch { return false }
  }

  /// Sends a request whose replies ``finish(until:)`` waits for, so that several servers work at the same time.
  ///
  /// - Returns: false when there is no connection, or it takes no more.
  mutating func begin(_ commands: Int) -> Bool {
    replies.expect(commands)
    return post()
  }

  /// Waits for the replies to ``begin(_:)``. After a loss, and after the deadline, the connection is closed.
  mutating func finish(until deadline: Int64) async throws(Loss) {
    guard let readiness else { throw .notSent }
    try await collect(readiness, until: deadline)
  }

  /// What ``receiveBytes(_:)`` found.
  enum Found {
    case some, nothing, lost
  }

  /// Hands over the bytes that have come, up to some number; `body` says whether they make sense.
  mutating func receiveBytes(_ body: (UnsafePointer<CChar>, Int) -> Bool) -> Found {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.inputCapacity) { input in
      guard let base = input.baseAddress else { return .lost }
      let count = recv(descriptor, base, Self.inputCapacity, 0)
      if count > 0 { return body(base, count) ? .some : .lost }
      return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .lost
    }
  }

  /// How long the server may be silent while a session opens, in seconds.
  static var patience: Int { 5 }

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
      switch receiveOnce() {
      case .complete: return true
      case .nothingLeft: return false
      case .more: continue
      case .lost(let problem): throw lose(problem)
      }
    }
  }

  private enum Received {
    case complete, nothingLeft, more
    case lost(ConnectionProblem)
  }

  private mutating func receiveOnce() -> Received {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.inputCapacity) { input in
      guard let base = input.baseAddress else { return .lost(.noMemory) }
      let count = recv(descriptor, base, Self.inputCapacity, 0)
      if _slowPath(count <= 0) {
        if count < 0 && errno == EAGAIN { return .nothingLeft }
        return count < 0 && errno == EINTR ? .more : .lost(.closed)
      }
      guard let isComplete = replies.feed(base, count) else { return .lost(.notRedis) }
      if isComplete { return .complete }
      // A short read has emptied the socket: what comes later is a new edge.
      return count < Self.inputCapacity ? .nothingLeft : .more
    }
  }
}
