#if SQLite
public import Model
public import Runtime

/// The table of records without protection, for locks in other places: one `SELECT` for each record; one `UPDATE`, or
/// for several records a transaction of them, so that they change together.
///
/// It blocks the thread, so each worker needs a thread of its own.
public struct SQLiteRecords: StoreClient, ~Copyable {
  private let session: Session

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let shared: SQLiteConfiguration
  }

  /// Checks the file and sets its journal mode.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(shared: try SQLiteConfiguration(environment))
  }

  /// Opens a connection.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SQLiteRecords {
    SQLiteRecords(session: try Session(configuration.shared))
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(Refusal) {
      try session.readTogether(attempt)
    } catch {
      throw session.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let isSingle = attempt.operation.count == 1
    var isDeciding = isSingle
    do throws(Refusal) {
      if !isSingle { try session.beginImmediate.run() }
      try session.write(attempt)
      isDeciding = true
      if !isSingle { try session.commit.run() }
    } catch {
      throw session.abandon(error, attempt, decides: isDeciding)
    }
  }

  /// Nothing to do: a connection to a file is not lost.
  public mutating func reopen() async throws(SetupFailure) {}

  /// Closes the connection.
  public consuming func close() async {}
}
#endif
