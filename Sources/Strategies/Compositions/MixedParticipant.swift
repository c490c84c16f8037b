#if MariaDB
public import MariaDBStrategies
public import Model
public import PostgresStrategies
public import Runtime

/// A session with a database of one of two kinds.
public struct MixedParticipant: Participant, ~Copyable {
  // One of the two.
  private var postgres: PostgresParticipant?
  private var mariadb: MariaDBParticipant?

  /// That of the kind.
  public enum Configuration: Sendable {
    case postgres(PostgresParticipant.Configuration)
    case mariadb(MariaDBParticipant.Configuration)
  }

  /// Not for one store: records are spread over several.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    throw SetupFailure("records in one store need no participants")
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MixedParticipant {
    switch configuration {
    case .postgres(let part): MixedParticipant(postgres: try await PostgresParticipant.open(part, worker))
    case .mariadb(let part): MixedParticipant(mariadb: try await MariaDBParticipant.open(part, worker))
    }
  }

  private init(postgres: consuming PostgresParticipant) {
    self.postgres = consume postgres
    mariadb = nil
  }

  private init(mariadb: consuming MariaDBParticipant) {
    self.mariadb = consume mariadb
    postgres = nil
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) {
    try await postgres?.reopen()
    try await mariadb?.reopen()
  }

  /// Closes the connection.
  public consuming func close() async {}

  /// As the database does it.
  public mutating func lock(
    _ steps: Range<Int>, begins: TransactionNumber?, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    try await postgres?.lock(steps, begins: begins, &attempt)
    try await mariadb?.lock(steps, begins: begins, &attempt)
  }

  /// As the database does it.
  public mutating func read(_ part: Part, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await postgres?.read(part, &attempt)
    try await mariadb?.read(part, &attempt)
  }

  /// As the database does it.
  public mutating func send(
    changesOf part: Part, _ ending: BranchEnding?, _ attempt: inout Attempt
  ) throws(AttemptFailure) {
    try postgres?.send(changesOf: part, ending, &attempt)
    try mariadb?.send(changesOf: part, ending, &attempt)
  }

  /// As the database does it.
  public mutating func send(_ ending: BranchEnding) throws(AttemptFailure) {
    try postgres?.send(ending)
    try mariadb?.send(ending)
  }

  /// As the database does it.
  public mutating func answer(decides: Bool) async throws(AttemptFailure) {
    try await postgres?.answer(decides: decides)
    try await mariadb?.answer(decides: decides)
  }

  /// As the database does it.
  public mutating func rollBack() async {
    await postgres?.rollBack()
    await mariadb?.rollBack()
  }

  /// As the database does it.
  public func note(_ failure: AttemptFailure, _ attempt: Attempt) {
    postgres?.note(failure, attempt)
    mariadb?.note(failure, attempt)
  }
}
#endif
