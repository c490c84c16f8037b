internal import Model
internal import Runtime

/// A session of the driver in which the aftermath of a strategy works in the schema of the run.
///
/// The server counts its transactions like those of the workers, so it leaves behind in the table `driver_sessions` how
/// many there were: ``PostgresAdministration`` leaves them out when it compares the counts.
enum AftermathSession {
  /// The table; made with the others, and empty at the start of each trial.
  static let table = (name: "driver_sessions", columns: "commits int8 NOT NULL, rollbacks int8 NOT NULL")

  /// Opens a session that finds the tables of the run, and ends it when the body has returned.
  ///
  /// - Parameter purpose: what to say that PostgreSQL could not do when the body fails.
  static func run(
    _ environment: StrategyEnvironment, _ purpose: String,
    _ body: (AdministrationConnection) throws(AdministrationConnection.Refusal) -> Remains
  ) throws(SetupFailure) -> Remains {
    let namespace = environment.namespace
    let session = try AdministrationConnection(
      ConnectionAddress(try environment.endpoint("postgres")), namespace: namespace,
      name: SessionNames.worker(namespace))
    do throws(AdministrationConnection.Refusal) {
      try DriverSetup.set(session)
      try session.run("SET search_path TO \"\(namespace)\"")
      let remains = try body(session)
      // Itself included, and where there is one, the statement that makes the server count at once.
      let isLate = session.serverVersion < 150_000
      try session.run(
        "INSERT INTO \(table.name) VALUES ($1::int8, $2::int8)",
        ["\(session.commits + (isLate ? 1 : 2))", "\(session.rollbacks)"])
      if !isLate { try session.run("SELECT pg_stat_force_next_flush()") }
      return remains
    } catch {
      throw SetupFailure("PostgreSQL could not \(purpose): \(error.text)")
    }
  }
}
