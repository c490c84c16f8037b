public import Model
public import Runtime

/// Records over several databases, without any protection: what a lock goes around.
///
/// Each database gets its changes with statements of their own, one database after the other. Who dies between two of them
/// leaves a part of the operation behind: there is no transaction, and no lock makes one.
public struct ShardedRecords<Member: ShardMember & ~Copyable>: StoreClient, ~Copyable {
  private let members: Participants<Member>
  private let sharding: Sharding
  private let points: PointReporter

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let members: [Member.Configuration]
    let sharding: Sharding
  }

  /// Points at which faults end processes: between the changes of two databases.
  static var points: [String] { ["between-writes"] }

  /// Checks the addresses.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let sharding = try Member.sharding(environment)
    return Configuration(
      members: try Member.configurations(environment, sharding, prepares: false), sharding: sharding)
  }

  /// Connects to all databases.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ShardedRecords {
    ShardedRecords(
      members: try await Participants(configuration.members, worker), sharding: configuration.sharding,
      points: worker.points)
  }

  private init(members: consuming Participants<Member>, sharding: Sharding, points: PointReporter) {
    self.members = members
    self.sharding = sharding
    self.points = points
  }

  /// Reads from one database after the other.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    try await members.read(&attempt, sharding)
  }

  /// Writes to one database after the other. What fails after the first one has left a part behind, and nobody knows
  /// whether it will ever be whole.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    var written = 0
    for shard in 0..<sharding.count {
      let part = Part(of: attempt.operation, in: shard, sharding)
      if !part.writes(attempt.operation) { continue }
      if written > 0 { points.reach(0) }
      do throws(AttemptFailure) {
        try members[shard].send(changesOf: part, nil, &attempt)
        try await members[shard].answer(decides: true)
      } catch {
        members[shard].note(error, attempt)
        throw written > 0 ? .ambiguous : error
      }
      written += 1
    }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await members.reopen() }

  /// Closes the connections.
  public consuming func close() async {}
}
