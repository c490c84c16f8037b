#if ZooKeeper
internal import Model
internal import Runtime

/// A worker's session, on its event loop.
///
/// The library says what it waits for, so the descriptor is registered for each wait: it may have connected anew
/// meanwhile, to another server. While the worker does something else, a heartbeat keeps the session alive.
final class Session {
  let configuration: ZooKeeperConfiguration
  private let loop: EventLoop
  private let events: EventCounter
  private var handle: Handle?
  private var heartbeat: Heartbeat?
  private var isWaiting = false
  /// How many sessions it has had, each in place of one that had expired.
  private(set) var number = 0

  /// How long to wait for a connection, in nanoseconds.
  private static let patience: Int64 = 10_000_000_000

  init(_ configuration: ZooKeeperConfiguration, _ worker: WorkerContext) {
    self.configuration = configuration
    loop = worker.loop
    events = worker.events
  }

  deinit { close() }

  /// What the last request got.
  var answer: Handle.Answer { handle?.answer ?? Handle.Answer() }
  /// Whether the session has expired: its nodes are gone.
  var isOver: Bool { handle?.isOver ?? true }

  /// Whether there is a connection, and the session has not expired.
  var isConnected: Bool { handle.map { $0.isConnected && !$0.isOver } ?? false }

  // MARK: opening and closing

  /// Opens a session, and leaves a node by which the driver sees that it is there.
  func open() async throws(SetupFailure) {
    close()
    guard let made = Handle(hosts: configuration.hosts, timeoutMilliseconds: configuration.sessionMilliseconds) else {
      throw SetupFailure("cannot find the ZooKeeper server \(configuration.hosts): is its name right?")
    }
    handle = made
    number += 1
    try await connect()
    made.create(configuration.sessionsNode + "/", .ephemeralSequential)
    guard await answered() == .success else {
      throw SetupFailure("ZooKeeper at \(configuration.hosts): \(answer.code.text)")
    }
    // Pings are due after a third of the time, and an answer must be read within two thirds.
    heartbeat = loop.startHeartbeat(every: max(10_000_000, made.timeoutMilliseconds * 1_000_000 / 12)) { [weak self] in
      self?.beat()
    }
  }

  /// Waits until there is a connection; opens another session when the old one has expired.
  func reopen() async throws(SetupFailure) {
    if isOver { return try await open() }
    try await connect()
  }

  private func connect() async throws(SetupFailure) {
    let deadline = monotonicNow() &+ Self.patience
    while let handle, !handle.isConnected, !handle.isOver, monotonicNow() < deadline {
      await step(until: deadline)
    }
    guard let handle, handle.isConnected else {
      throw SetupFailure("cannot reach ZooKeeper at \(configuration.hosts): is it running there?")
    }
  }

  /// Ends the session, which removes its nodes.
  func close() {
    if let heartbeat { loop.stop(heartbeat) }
    heartbeat = nil
    handle?.close()
    handle = nil
  }

  // MARK: requests

  /// Sends a request and waits for its answer; nothing is sent when the server has ended the connection.
  func ask(_ request: (Handle) -> Void) async -> ResultCode {
    guard let handle else { return .invalidState }
    if handle.isDeaf {
      handle.process(writable: false)
      return .invalidState
    }
    events.add(.statements)
    request(handle)
    return await answered()
  }

  /// The same for a request that must succeed.
  ///
  /// - Parameter decides: whether the attempt has its effect with this request.
  func perform(
    decides: Bool = false, _ attempt: Attempt, _ request: (Handle) -> Void
  ) async throws(AttemptFailure) {
    let code = await ask(request)
    guard code != .success else { return }
    let failure = code.failure(decides: decides)
    if failure == .error { attempt.note(error: "ZooKeeper: \(code.text)") }
    throw failure
  }

  private func answered() async -> ResultCode {
    while let handle, !handle.isAnswered { await step(until: .max) }
    return answer.code
  }

  /// Waits until a watch fires, or something happens to the session.
  ///
  /// - Returns: false when the moment has passed.
  func watch(until deadline: Int64) async -> Bool {
    while let handle, handle.watched != nil, !handle.isOver {
      if monotonicNow() >= deadline { return false }
      await step(until: deadline)
    }
    return true
  }

  /// Says which watch counts; before the request that sets it.
  func expectWatch(on path: String?) { handle?.watched = path }

  // MARK: waiting

  /// Waits once for what the library waits for, and lets it work.
  private func step(until deadline: Int64) async {
    guard let handle else { return }
    isWaiting = true
    defer { isWaiting = false }
    let interest = handle.interest()
    let end = min(deadline, monotonicNow() &+ interest.nanoseconds)
    guard let descriptor = interest.descriptor else { return await loop.sleep(until: end) }
    // To give up on a silent server answers the request, too.
    let readiness = loop.register(descriptor)
    let isReady = await loop.wait(for: readiness, writable: interest.wantsToWrite, until: end)
    readiness.deregister()
    if isReady { handle.process(writable: interest.wantsToWrite) }
  }

  private func beat() {
    guard !isWaiting, let handle, !handle.isOver else { return }
    let interest = handle.interest()
    if interest.descriptor != nil && handle.isConnected { handle.process(writable: interest.wantsToWrite) }
  }
}
#endif
