#if SQLite
public import Model
public import Runtime

/// The table of records with a fence: its column `version` keeps the highest token that each record has seen.
///
/// Whatever leaves tokens is a transaction that begins with the write lock.
public struct FencedSQLiteRecords: FencedStoreClient, ~Copyable {
  private let session: Session
  private let update: Statement

  /// Checks the file and sets its journal mode.
  public static func configure(
    _ environment: StrategyEnvironment
  ) throws(SetupFailure) -> SQLiteRecords.Configuration {
    try SQLiteRecords.configure(environment)
  }

  /// Opens a connection.
  public static func open(
    _ configuration: SQLiteRecords.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedSQLiteRecords {
    let session = try Session(configuration.shared)
    let update = try session.prepare(
      "UPDATE \(configuration.shared.table) SET version = ?2 WHERE id = ?1 AND version <= ?2")
    return FencedSQLiteRecords(session: session, update: update)
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(Refusal) {
      try session.readTogether(attempt)
    } catch {
      throw session.abandon(error, attempt)
    }
  }

  /// Reads the records of all steps, and leaves the tokens in them.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(Refusal) {
      try register(attempt)
      try session.read(attempt)
      try session.commit.run()
    } catch {
      throw session.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads, and leaves the tokens in all.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    var isDeciding = false
    do throws(Refusal) {
      try register(attempt)
      try session.write(attempt)
      isDeciding = true
      try session.commit.run()
    } catch {
      throw session.abandon(error, attempt, decides: isDeciding)
    }
  }

  /// Begins a transaction and leaves the tokens in the records of all steps.
  private func register(_ attempt: Attempt) throws(Refusal) {
    try session.beginImmediate.run()
    for index in 0..<attempt.operation.count {
      update.bind(1, Int64(attempt.operation[index].key))
      update.bind(2, attempt.token(index))
      try update.run()
      if session.database.changes == 0 { throw .tokenOutdated }
    }
  }

  /// Nothing to do: a connection to a file is not lost.
  public mutating func reopen() async throws(SetupFailure) {}

  /// Closes the connection.
  public consuming func close() async {}
}
#endif
