#if Etcd
internal import HTTPClient
internal import Model
internal import Runtime

/// One worker's session: a connection, and a lease to which its keys belong, kept alive while the session is open.
final class Session {
  let configuration: EtcdConfiguration
  let loop: EventLoop
  let connection: HTTPConnection
  /// Keys with this lease vanish with it.
  private(set) var lease: Int64 = 0
  private let events: EventCounter
  private var keeper: LeaseKeeper?
  private var heartbeat: Heartbeat?
  /// The revisions at which the records of an attempt were written, one per step.
  let revisions = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

  init(_ configuration: EtcdConfiguration, _ worker: WorkerContext) {
    self.configuration = configuration
    loop = worker.loop
    events = worker.events
    connection = HTTPConnection(configuration.endpoints.beginning(with: worker.index), worker.loop)
  }

  deinit {
    stopHeartbeat()
    revisions.deallocate()
  }

  // MARK: opening and closing

  /// Whether the lease has expired, and all keys of this session with it.
  var isOver: Bool { keeper?.isOver ?? true }

  /// Connects, asks for a lease, and leaves a key by which the driver sees that the session is there.
  func open() async throws(SetupFailure) {
    stopHeartbeat()
    let start = monotonicNow()
    let granted = try await require("/v3/lease/grant", "{\"TTL\":\"\(configuration.lifetimeSeconds)\"}")
    guard let lease = granted["ID"]?.number, let seconds = granted["TTL"]?.number else {
      throw SetupFailure("etcd at \(configuration.endpoints) granted a lease without number")
    }
    self.lease = lease
    _ = try await require("/v3/kv/put", Request.put(configuration.keys.sessions + "\(lease)", "", lease: lease))
    let keeper = LeaseKeeper(
      connection.endpoints, lease: lease, lifetime: seconds * 1_000_000_000, start: start)
    self.keeper = keeper
    keeper.beat()
    heartbeat = loop.startHeartbeat(every: keeper.period) { keeper.beat() }
  }

  private func require(_ path: String, _ body: String) async throws(SetupFailure) -> JSONValue {
    let answer = Answer(await connection.ask(path, body))
    if case .success(let value) = answer { return value }
    let text =
      if case .lost = answer { "cannot reach etcd at \(configuration.endpoints): is it running there?" } else {
        "etcd at \(configuration.endpoints): \(answer.text)"
      }
    throw SetupFailure(text, isTransient: true)
  }

  /// Connects again; with another lease when the old one has expired.
  func reopen() async throws(SetupFailure) {
    if isOver { return try await open() }
    guard await connection.open() else {
      throw SetupFailure("cannot reach etcd at \(configuration.endpoints): is it running there?", isTransient: true)
    }
  }

  /// Gives the lease back, which removes the keys of the session.
  func close() async {
    stopHeartbeat()
    if !isOver { _ = await connection.ask("/v3/lease/revoke", "{\"ID\":\"\(lease)\"}") }
    connection.close()
  }

  private func stopHeartbeat() {
    if let heartbeat { loop.stop(heartbeat) }
    heartbeat = nil
  }

  // MARK: requests

  /// Sends a request that must succeed, and returns what it got.
  ///
  /// - Parameters:
  ///   - decides: whether the attempt has its effect with this request.
  ///   - deadline: until when to wait; then the request is given up as not acquired.
  func perform(
    _ path: String, _ body: String, decides: Bool = false, until deadline: Int64 = .max, _ attempt: Attempt
  ) async throws(AttemptFailure) -> JSONValue {
    events.add(.statements)
    let answer = Answer(await connection.ask(path, body, until: deadline))
    if case .success(let value) = answer { return value }
    guard let failure = answer.failure(decides: decides) else { return .object([:]) }
    if failure == .error { attempt.note(error: "etcd: \(answer.text)") }
    throw failure
  }

  /// Reads the records of all steps at one moment, with one transaction of reads; also notes their revisions.
  func read(_ attempt: Attempt) async throws(AttemptFailure) {
    let answer = try await perform("/v3/kv/txn", Request.transaction(then: reads(attempt)), attempt)
    try take(answer["responses"]?.elements ?? [], attempt)
  }

  /// The same with a request for each record; those after the first ask for its revision.
  func readSnapshot(_ attempt: Attempt) async throws(AttemptFailure) {
    var snapshot = ""
    for index in 0..<attempt.operation.count {
      let key = Request.key(configuration.keys.record(attempt.operation[index].key))
      let answer = try await perform("/v3/kv/range", "{\(key)\(snapshot)}", attempt)
      try take(answer, at: index, attempt)
      if index == 0 { snapshot = ",\"revision\":\"\(answer["header"]?["revision"]?.number ?? 0)\"" }
    }
  }

  private func reads(_ attempt: Attempt) -> [String] {
    (0..<attempt.operation.count).map { index in
      "{\"request_range\":{\(Request.key(configuration.keys.record(attempt.operation[index].key)))}}"
    }
  }

  /// Takes the answers to ``reads(_:)``.
  private func take(_ responses: [JSONValue], _ attempt: Attempt) throws(AttemptFailure) {
    for index in 0..<attempt.operation.count {
      try take(responses.indices.contains(index) ? responses[index]["response_range"] : nil, at: index, attempt)
    }
  }

  private func take(_ range: JSONValue?, at index: Int, _ attempt: Attempt) throws(AttemptFailure) {
    let found = range?["kvs"]?.elements.first
    guard let value = found?["value"]?.text.flatMap(Base64.decoded).flatMap({ Int64($0) }),
      let revision = found?["mod_revision"]?.number
    else {
      attempt.note(error: "etcd: \(configuration.keys.record(attempt.operation[index].key)) does not hold a number")
      throw .error
    }
    attempt.values[index] = value
    revisions[index] = revision
  }

  /// Writes the records of all steps that are not reads, with one transaction.
  ///
  /// - Parameters:
  ///   - conditions: what must hold for it.
  ///   - readsOtherwise: whether it reads the records of all steps when it does not hold.
  /// - Returns: whether it did.
  func write(
    if conditions: [String] = [], readsOtherwise: Bool = false, _ attempt: Attempt
  ) async throws(AttemptFailure) -> Bool {
    let writes = (0..<attempt.operation.count).filter { attempt.operation[$0].writes }.map { index in
      let key = configuration.keys.record(attempt.operation[index].key)
      return "{\"request_put\":\(Request.put(key, String(attempt.values[index])))}"
    }
    let body = Request.transaction(if: conditions, then: writes, otherwise: readsOtherwise ? reads(attempt) : [])
    let answer = try await perform("/v3/kv/txn", body, decides: true, attempt)
    // What is false is left out.
    if answer["succeeded"] != nil { return true }
    if readsOtherwise { try take(answer["responses"]?.elements ?? [], attempt) }
    return false
  }
}
#endif
