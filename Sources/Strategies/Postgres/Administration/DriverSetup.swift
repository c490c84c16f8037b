internal import Model

/// The driver's own session: its settings, and what must be true of a server before a run may begin.
enum DriverSetup {
  /// Connects, and looks who answers; nothing is set before, because it would stay behind in a pooler.
  static func open(_ address: ConnectionAddress, namespace: String) throws(SetupFailure) -> AdministrationConnection {
    let session = try AdministrationConnection(address, namespace: namespace)
    let pooling = try Pooling.find(session) { () throws(SetupFailure) in
      try AdministrationConnection(address, namespace: namespace)
    }
    guard pooling == .transaction else { return session }
    throw SetupFailure(
      "\(address.source) names a pooler that hands connections on from transaction to transaction (PgBouncer with "
        + "pool_mode = transaction), so that sessions keep no setting and no prepared statement: name the server itself "
        + "in \(address.source), and the pooler in services.pgbouncer")
  }

  /// Makes the settings ours, whatever the role, the database or the server have as default. Those of later versions are
  /// unknown to earlier ones, so only what is there is set.
  static func set(_ session: AdministrationConnection) throws(AdministrationConnection.Refusal) {
    try session.run(
      """
      SELECT set_config(name, CASE name
        WHEN 'default_transaction_isolation' THEN 'read committed'
        WHEN 'default_transaction_read_only' THEN 'off'
        -- Whatever still holds a lock that we need is not of this run, or will be gone soon.
        WHEN 'lock_timeout' THEN '10s'
        -- Trials last, and tables are as large as somebody wants: no limit for pauses and statements.
        ELSE '0' END, false)
      FROM pg_settings WHERE name IN ('default_transaction_isolation', 'default_transaction_read_only', 'lock_timeout',
        'statement_timeout', 'transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout')
      """)
  }

  /// Why nothing of a run could work on the server, and what to do; nil when it can. Once the settings are made.
  static func problem(
    _ session: AdministrationConnection, _ source: String
  ) throws(AdministrationConnection.Refusal) -> String? {
    let answers =
      try session.run(
        """
        SELECT pg_is_in_recovery()::text, current_setting('transaction_read_only')::bool::text,
          has_database_privilege(current_database(), 'CREATE')::text, current_database(), current_user
        """
      ).first ?? []
    guard answers.count == 5 else { return "PostgreSQL did not say whether it takes writes" }
    if answers[0] == "true" { return "\(source) names a standby, which takes no writes: name its primary" }
    if answers[1] == "true" {
      return "PostgreSQL takes no writes (transaction_read_only stays on): name a server in \(source) that does"
    }
    if answers[2] == "true" { return nil }
    return "PostgreSQL does not allow \(answers[4]) to make a schema for the run: grant it CREATE on the database "
      + "\(answers[3]), or name another user in \(source)"
  }
}
