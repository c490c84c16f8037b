#if MariaDB
internal import Model
internal import Runtime

/// `floor.mariadb-select`: what any statement on MariaDB costs at least.
struct SelectFloor: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what any statement on MariaDB costs at least.",
    algorithm: """
      one `SELECT value, version FROM records WHERE id = ?` of the operation's first record, whatever the operation asks
      for.
      """,
    guarantees: "nothing, and changes nothing: a measure for the others.",
    roundTrips: "0; nothing is held. 1 per operation.",
    source: #"MariaDB manual, "COM_QUERY"."#)

  static let descriptor = StrategyDescriptor(
    id: "floor.mariadb-select", summary: "SELECT of one record: the floor of every statement",
    documentation: documentation, needs: ["mariadb"], store: "mariadb", options: MariaDBConfiguration.options,
    scope: .network, threading: .perConnection, grade: .interesting)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SelectFloor {
    SelectFloor(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      try await session.read(0, attempt, .plain)
      return .committed
    } catch {
      throw await session.abandon(error, attempt)
    }
  }
}
#endif
