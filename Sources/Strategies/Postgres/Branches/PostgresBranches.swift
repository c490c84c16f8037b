public import Model
public import Runtime

/// The prepared transactions of a run in one PostgreSQL database.
public final class PostgresBranches: PreparedBranches {
  private let session: KeptSession<AdministrationConnection>
  private let prefix: String

  /// - Parameter database: what there is for it (``StrategyEnvironment/database(_:)``).
  public init(_ database: StrategyEnvironment) throws(SetupFailure) {
    let address = try ConnectionAddress(try database.endpoint("postgres"))
    let namespace = database.namespace
    prefix = BranchNames(namespace: namespace).prefix
    // As a worker's session, so that it is ended with them.
    session = KeptSession { () throws(SetupFailure) in
      try AdministrationConnection(address, namespace: namespace, name: SessionNames.worker(namespace))
    }
  }

  /// From `pg_prepared_xacts`, those of this database.
  public func list() throws(SetupFailure) -> [(name: String, age: Double)] {
    let connection = try session.current()
    do throws(AdministrationConnection.Refusal) {
      return try connection.preparedTransactions(prefix).map { (name: $0.name, age: $0.age) }
    } catch {
      throw SetupFailure("PostgreSQL could not list prepared transactions: \(error.text)")
    }
  }

  /// `COMMIT PREPARED` or `ROLLBACK PREPARED`; 42704 says that it has ended already.
  public func end(_ name: String, commits: Bool) throws(SetupFailure) -> Bool {
    let connection = try session.current()
    do throws(AdministrationConnection.Refusal) {
      try connection.endPrepared(name, commits: commits)
      return true
    } catch {
      throw SetupFailure("PostgreSQL could not end a prepared transaction: \(error.text)")
    }
  }
}

extension AdministrationConnection {
  /// Prepared transactions of the database whose names begin so, with the seconds since then.
  func preparedTransactions(_ prefix: String) throws(Refusal) -> [(name: String, age: Double)] {
    let rows = try run(
      """
      SELECT gid, extract(epoch FROM clock_timestamp() - prepared) FROM pg_prepared_xacts
      WHERE database = current_database() AND left(gid, length($1)) = $1
      """, [prefix])
    return rows.compactMap { row in row.count == 2 ? (name: row[0], age: Double(row[1]) ?? 0) : nil }
  }

  /// Ends a prepared transaction; one that has ended is no error. Names of ours hold nothing that needs escaping.
  func endPrepared(_ name: String, commits: Bool) throws(Refusal) {
    do throws(Refusal) {
      try run("\(commits ? "COMMIT" : "ROLLBACK") PREPARED '\(name)'")
    } catch {
      if error.state != .undefinedObject { throw error }
    }
  }

  /// Rolls back whatever is prepared under names that begin so.
  func rollBackPrepared(_ prefix: String) throws(Refusal) {
    for branch in try preparedTransactions(prefix) { try endPrepared(branch.name, commits: false) }
  }
}
