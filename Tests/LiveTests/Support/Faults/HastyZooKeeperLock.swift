#if ZooKeeper
import Model
import Runtime

@testable import ZooKeeperStrategies

/// A planted fault: a lock whose waiters watch the whole queue and, when the watch fires, believe that it is their turn,
/// without listing the queue again.
struct HastyZooKeeperLock: LockClient, ~Copyable {
  private let session: Session
  private var random: RandomSource
  private var place: LockPlace?

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> ZooKeeperConfiguration {
    try ZooKeeperConfiguration(environment)
  }

  static func open(
    _ configuration: ZooKeeperConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> HastyZooKeeperLock {
    let session = Session(configuration, worker)
    try await session.open()
    return HastyZooKeeperLock(session: session, random: worker.random)
  }

  private init(session: Session, random: RandomSource) {
    self.session = session
    self.random = random
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    var place = LockPlace(key: key, parent: session.configuration.lock(key), random: &random)
    _ = await session.ask { $0.create(place.parent, .container) }
    try await session.perform(attempt) { $0.create(place.prefix, .ephemeralSequential) }
    place.setPath(session.answer.path, creation: session.answer.creation)
    self.place = place
    session.expectWatch(on: place.parent)
    try await session.perform(attempt) { $0.children(place.parent, watches: true) }
    if case .waits = place.turn(among: session.answer.children) { _ = await session.watch(until: .max) }
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let place else { return }
    try await session.perform(attempt) { $0.delete(place.path) }
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { session.close() }
}
#endif
