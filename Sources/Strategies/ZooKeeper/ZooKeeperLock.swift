#if ZooKeeper
public import Model
public import Runtime

/// A lock that is a queue of ephemeral nodes; ``PredecessorTurn`` and ``HerdTurn`` describe the two ways to wait in it.
public struct ZooKeeperLock<Turn: LockTurn>: LeaseClient, FencingLockClient, ~Copyable {
  private let session: Session
  private let timeoutNanoseconds: Int64
  private var random: RandomSource
  private let events: EventCounter
  /// Nodes of ours that are or may be there.
  private var places: [LockPlace] = []

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let servers: ZooKeeperConfiguration
    let timeoutNanoseconds: Int64
  }

  /// Reads addresses and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      servers: try ZooKeeperConfiguration(environment),
      timeoutNanoseconds: environment.options.duration("timeout").nanoseconds)
  }

  /// Opens a session.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ZooKeeperLock<Turn> {
    let session = Session(configuration.servers, worker)
    try await session.open()
    return ZooKeeperLock(
      session: session, timeoutNanoseconds: configuration.timeoutNanoseconds, worker)
  }

  private init(session: Session, timeoutNanoseconds: Int64, _ worker: WorkerContext) {
    self.session = session
    self.timeoutNanoseconds = timeoutNanoseconds
    random = worker.random
    events = worker.events
  }

  // MARK: acquire

  /// Takes a place in the queue and waits until it is the first.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let deadline = monotonicNow() &+ timeoutNanoseconds
    places.append(LockPlace(key: key, parent: session.configuration.lock(key), random: &random))
    let index = places.count - 1
    do throws(AttemptFailure) {
      try await takePlace(index, attempt)
      try await waitForTurn(places[index], until: deadline, attempt)
      places[index].wasGranted = true
      attempt.granted(key, token: places[index].creation)
    } catch {
      // With a broken session the place is kept until `reopen()` has cleared it.
      if error.breaksSession { throw error }
      try await leave(index, attempt)
      throw error
    }
  }

  private mutating func takePlace(_ index: Int, _ attempt: Attempt) async throws(AttemptFailure) {
    let place = places[index]
    var code = await session.ask { $0.create(place.prefix, .ephemeralSequential) }
    if code == .noNode {
      code = await session.ask { $0.create(place.parent, .container) }
      // Another client may have been faster.
      if code == .success || code == .nodeExists {
        code = await session.ask { $0.create(place.prefix, .ephemeralSequential) }
      }
    }
    guard code == .success else { throw note(code, attempt) }
    places[index].setPath(session.answer.path, creation: session.answer.creation)
  }

  private func waitForTurn(
    _ place: LockPlace, until deadline: Int64, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    while true {
      session.expectWatch(on: Turn.watchesAll ? place.parent : nil)
      try await session.perform(attempt) { $0.children(place.parent, watches: Turn.watchesAll) }
      switch place.turn(among: session.answer.children) {
      case .holds: return session.expectWatch(on: nil)
      // Somebody has deleted our node.
      case .isGone: throw .notAcquired
      case .waits(let predecessor):
        attempt.count(.polls)
        if !Turn.watchesAll, try await !watch(predecessor, attempt) { continue }
      }
      guard await session.watch(until: deadline) else { throw .notAcquired }
      if session.isOver { throw .connectionLost }
    }
  }

  /// Reads the node before ours with a watch: unlike `exists`, that leaves no watch when the node is gone.
  ///
  /// - Returns: whether it is there.
  private func watch(_ predecessor: String, _ attempt: Attempt) async throws(AttemptFailure) -> Bool {
    session.expectWatch(on: predecessor)
    let code = await session.ask { $0.get(predecessor, watches: true) }
    if code == .noNode { return false }
    guard code == .success else { throw note(code, attempt) }
    return true
  }

  private func note(_ code: ResultCode, _ attempt: Attempt) -> AttemptFailure {
    let failure = code.failure(decides: false)
    if failure == .error { attempt.note(error: "ZooKeeper: \(code.text)") }
    return failure
  }

  /// Whether the session is connected: as Curator's latch has it by default, a leader without connection does not lead.
  /// The session is kept alive beside the work.
  public mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard places.contains(where: { $0.key == key }) else { throw .leaseLost }
    // To connect anew, which also clears our place in the queue.
    if !session.isConnected { throw .connectionLost }
  }

  // MARK: release

  /// Deletes the node.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let index = places.lastIndex(where: { $0.key == key }) else { return }
    if try await !leave(index, attempt) { attempt.count(.expiredHolds) }
  }

  /// Gives a place up. Returns false when the node was gone already.
  @discardableResult
  private mutating func leave(_ index: Int, _ attempt: Attempt) async throws(AttemptFailure) -> Bool {
    guard !session.isOver else {
      places.remove(at: index)
      attempt.count(.expiredHolds)
      throw .connectionLost
    }
    let path = places[index].path
    let code = await session.ask { $0.delete(path) }
    if code == .success || code == .noNode {
      places.remove(at: index)
      return code == .success
    }
    let failure = note(code, attempt)
    if !failure.breaksSession { places.remove(at: index) }
    throw failure
  }

  // MARK: session

  /// Waits for a connection, and clears what may still stand in the queue: between attempts nothing is held on purpose.
  public mutating func reopen() async throws(SetupFailure) {
    let before = session.number
    try await session.reopen()
    if session.number != before {
      // The nodes have gone with their session, and with them what was held.
      events.add(.expiredHolds, Int64(places.count { $0.wasGranted }))
      places = []
    }
    while let place = places.last {
      try await clear(place)
      places.removeLast()
    }
  }

  private func clear(_ place: LockPlace) async throws(SetupFailure) {
    let code = await session.ask { $0.children(place.parent) }
    if code == .noNode { return }
    try require(code)
    for name in session.answer.children where place.isOurs(name) {
      let code = await session.ask { $0.delete(place.parent + "/" + name) }
      if code != .noNode { try require(code) }
    }
  }

  private func require(_ code: ResultCode) throws(SetupFailure) {
    if code != .success { throw SetupFailure("ZooKeeper: \(code.text)") }
  }

  /// Ends the session, which removes its nodes.
  public consuming func close() async { session.close() }
}
#endif
