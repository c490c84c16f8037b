internal import Model
internal import Runtime

/// A session of the driver in which the aftermath of a strategy works in the schema of the run.
enum AftermathSession {
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
      return try body(session)
    } catch {
      throw SetupFailure("PostgreSQL could not \(purpose): \(error.text)")
    }
  }
}
