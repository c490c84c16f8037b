internal import CLibpq
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One worker's session: a connection, and how to open it again.
struct Session: ~Copyable {
  /// The connection; replaced by ``reopen()``.
  var connection: Connection
  private let plan: SessionPlan
  private let worker: WorkerContext

  /// How long connecting may take.
  private static let timeoutSeconds = 10

  /// Connects without holding up other workers of the thread, and prepares the statements.
  init(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) {
    self.plan = plan
    self.worker = worker
    connection = try await Self.connect(plan, worker)
  }

  /// Replaces a connection that was lost.
  mutating func reopen() async throws(SetupFailure) {
    connection = try await Self.connect(plan, worker)
  }

  private static func connect(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> Connection {
    let handle = try await handshake(plan, worker.loop)
    PQsetnonblocking(handle, 1)
    _ = PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    var connection = Connection(adopting: handle, plan, worker)
    // The server counts the start of a session as a transaction.
    worker.events.add(.serverCommits)
    do throws(AttemptFailure) {
      try await prepare(&connection, plan)
    } catch {
      throw SetupFailure("PostgreSQL refused to set up a session: \(connection.lastError)")
    }
    return connection
  }

  /// Settings and statements, before the connection is used: in a pipeline, preparing would be part of transactions.
  private static func prepare(_ connection: inout Connection, _ plan: SessionPlan) async throws(AttemptFailure) {
    if plan.unprepared != nil { return }
    try connection.sendText(plan.settings)
    try await connection.complete()
    for statement in plan.statements {
      try connection.sendPreparation(of: statement)
      try await connection.complete()
    }
    if plan.isPipelined { try connection.enterPipeline() }
  }

  /// Opens a connection. Returns an owned handle.
  private static func handshake(_ plan: SessionPlan, _ loop: EventLoop) async throws(SetupFailure) -> OpaquePointer {
    let started = plan.address.withKeywords(applicationName: plan.applicationName) { keywords, values in
      PQconnectStartParams(keywords, values, 1)
    }
    guard let handle = started else { throw SetupFailure("out of memory") }
    ConnectionProblem.prepare(handle)
    let deadline = monotonicNow() + Int64(timeoutSeconds) * 1_000_000_000
    do throws(SetupFailure) {
      if PQstatus(handle) == CONNECTION_BAD { throw ConnectionProblem.failure(of: handle, plan.address.source) }
      var direction = PGRES_POLLING_WRITING
      while direction != PGRES_POLLING_OK {
        try await wait(handle, for: direction, until: deadline, plan, loop)
        direction = PQconnectPoll(handle)
        if direction == PGRES_POLLING_FAILED { throw ConnectionProblem.failure(of: handle, plan.address.source) }
      }
    } catch {
      PQfinish(handle)
      throw error
    }
    return handle
  }

  /// Waits until the socket is ready, by looking at it with growing pauses: libpq may change the socket from call to
  /// call, there is a deadline, and nobody measures how long connecting takes.
  private static func wait(
    _ handle: OpaquePointer, for direction: PostgresPollingStatusType, until deadline: Int64, _ plan: SessionPlan,
    _ loop: EventLoop
  ) async throws(SetupFailure) {
    let events = direction == PGRES_POLLING_READING ? POLLIN : POLLOUT
    var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
    var pause: Int64 = 100_000
    while poll(&descriptor, 1, 0) <= 0 {
      if monotonicNow() > deadline { throw ConnectionProblem.timeout(seconds: timeoutSeconds, plan.address.source) }
      await loop.sleep(nanoseconds: pause)
      pause = min(pause * 2, 5_000_000)
    }
  }
}
