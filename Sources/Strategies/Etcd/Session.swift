#if Etcd
internal import NetworkTransport
internal import Model
internal import Runtime

/// One worker's session: a connection, and a lease to which its keys belong, kept alive while the session is open.
final class Session {
  let configuration: EtcdConfiguration
  let loop: EventLoop
  let connection: GRPCConnection
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
    connection = GRPCConnection(configuration.endpoints.beginning(with: worker.index), worker.loop)
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
    guard await connection.open() else { throw configuration.endpoints.unreachable("etcd", connection.problem) }
    let start = monotonicNow()
    let granted = try await require(LeaseGrantRequest(seconds: configuration.lifetimeSeconds))
    lease = granted.lease
    if lease == 0 { throw SetupFailure("etcd at \(configuration.endpoints) granted a lease without number") }
    _ = try await require(PutRequest(key: configuration.keys.sessions + "\(lease)", value: "", lease: lease))
    let keeper = LeaseKeeper(
      connection.endpoints, lease: lease, lifetime: granted.seconds * 1_000_000_000, start: start)
    self.keeper = keeper
    keeper.beat()
    heartbeat = loop.startHeartbeat(every: keeper.period) { keeper.beat() }
  }

  private func require<Call: Request>(_ request: Call) async throws(SetupFailure) -> Call.Response {
    let answer = await connection.ask(request)
    if case .success(let response) = answer { return response }
    if case .lost = answer { throw configuration.endpoints.unreachable("etcd", connection.problem) }
    throw SetupFailure("etcd at \(configuration.endpoints): \(answer.text)")
  }

  /// Connects again; with another lease when the old one has expired.
  ///
  /// - Parameter replacingLease: whether to give the lease back and ask for another. The keys of a lease have its number
  ///   in their names: what was asked for by the old connection, and is carried out later than by the new one, must not
  ///   concern a key that was made since. (The lock service deletes a key when it notices that its caller has gone.)
  func reopen(replacingLease: Bool = false) async throws(SetupFailure) {
    if isOver { return try await open() }
    guard await connection.open() else { throw configuration.endpoints.unreachable("etcd", connection.problem) }
    guard replacingLease else { return }
    // A refusal says that it is gone already.
    if case .lost = await connection.ask(LeaseRevokeRequest(lease: lease)) {
      throw configuration.endpoints.unreachable("etcd", connection.problem)
    }
    keeper = nil
    try await open()
  }

  /// Gives the lease back, which removes the keys of the session.
  func close() async {
    stopHeartbeat()
    if !isOver { _ = await connection.ask(LeaseRevokeRequest(lease: lease)) }
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
  func perform<Call: Request>(
    _ request: Call, decides: Bool = false, until deadline: Int64 = .max, _ attempt: Attempt
  ) async throws(AttemptFailure) -> Call.Response {
    events.add(.statements)
    let answer = await connection.ask(request, until: deadline)
    if case .success(let response) = answer { return response }
    let failure = answer.failure(decides: decides) ?? .error
    if failure == .error { attempt.note(error: "etcd: \(answer.text)") }
    throw failure
  }

  /// The same beside attempts, none of which has its effect with it.
  func perform<Call: Request>(_ request: Call) async throws(AttemptFailure) -> Call.Response {
    events.add(.statements)
    let answer = await connection.ask(request)
    if case .success(let response) = answer { return response }
    throw answer.failure(decides: false) ?? .error
  }

  /// Reads the records of all steps at one moment, with one transaction of reads; also notes their revisions.
  func read(_ attempt: Attempt) async throws(AttemptFailure) {
    try take(try await perform(TransactionRequest(then: reads(attempt)), attempt).ranges, attempt)
  }

  /// The same with a request for each record; those after the first ask for its revision.
  func readSnapshot(_ attempt: Attempt) async throws(AttemptFailure) {
    var snapshot: Int64 = 0
    for index in 0..<attempt.operation.count {
      let key = configuration.keys.record(attempt.operation[index].key)
      let answer = try await perform(RangeRequest(keys: .one(key), revision: snapshot), attempt)
      try take(answer, at: index, attempt)
      if index == 0 { snapshot = answer.header.revision }
    }
  }

  func reads(_ attempt: Attempt) -> [TransactionRequest.Step] {
    (0..<attempt.operation.count).map { index in
      .range(RangeRequest(keys: .one(configuration.keys.record(attempt.operation[index].key))))
    }
  }

  /// Takes the answers to ``reads(_:)``.
  func take(_ ranges: [RangeResponse], _ attempt: Attempt) throws(AttemptFailure) {
    for index in 0..<attempt.operation.count {
      try take(ranges.indices.contains(index) ? ranges[index] : RangeResponse(), at: index, attempt)
    }
  }

  private func take(_ range: RangeResponse, at index: Int, _ attempt: Attempt) throws(AttemptFailure) {
    guard let found = range.pairs.first, let value = found.number else {
      attempt.note(error: "etcd: \(configuration.keys.record(attempt.operation[index].key)) does not hold a number")
      throw .error
    }
    attempt.values[index] = value
    revisions[index] = found.modRevision
  }

  func writes(_ attempt: Attempt) -> [TransactionRequest.Step] {
    (0..<attempt.operation.count).filter { attempt.operation[$0].writes }.map { index in
      let key = configuration.keys.record(attempt.operation[index].key)
      return .put(PutRequest(key: key, value: String(attempt.values[index])))
    }
  }

  /// Writes the records of all steps that are not reads, with one transaction.
  ///
  /// - Parameters:
  ///   - ifUnchanged: whether it does so only if nobody has written any record of the attempt since it was read.
  ///   - readsOtherwise: whether it reads the records of all steps if somebody has.
  /// - Returns: whether it wrote.
  func write(
    ifUnchanged: Bool = false, readsOtherwise: Bool = false, _ attempt: Attempt
  ) async throws(AttemptFailure) -> Bool {
    let conditions = (0..<(ifUnchanged ? attempt.operation.count : 0)).map { index in
      let key = configuration.keys.record(attempt.operation[index].key)
      return TransactionRequest.Condition.isUnchanged(key, since: revisions[index])
    }
    let request = TransactionRequest(
      conditions: conditions, then: writes(attempt), otherwise: readsOtherwise ? reads(attempt) : [])
    let answer = try await perform(request, decides: true, attempt)
    if answer.hasSucceeded { return true }
    if readsOtherwise { try take(answer.ranges, attempt) }
    return false
  }
}
#endif
