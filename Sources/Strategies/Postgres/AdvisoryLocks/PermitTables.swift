internal import Checking
internal import Model
internal import Runtime

/// Counts who is at work with a permit at the same time, apart from the permits: the tables `permit_work`, a row for each
/// who is at work, and `permit_log`, a row for each who has begun.
enum PermitTables {
  /// Names and columns; made with the table `records`, empty at the start of each trial.
  static let all: [(name: String, columns: String)] = [
    ("permit_work", "worker int4 PRIMARY KEY, key int4 NOT NULL, pid int4 NOT NULL"),
    ("permit_log", "worker int4 NOT NULL, running int8 NOT NULL"),
  ]

  private static var begin: Statement {
    Statement(
      "permit-begin",
      """
      INSERT INTO permit_work (worker, key, pid) VALUES ($1, $2, pg_backend_pid())
      ON CONFLICT (worker) DO UPDATE SET key = excluded.key, pid = excluded.pid
      """)
  }
  /// Who was killed is not at work: its permit went with its session.
  private static var count: Statement {
    Statement(
      "permit-count",
      """
      INSERT INTO permit_log (worker, running)
      SELECT $1, count(*) FROM permit_work WHERE key = $2 AND pid IN (SELECT pid FROM pg_stat_activity)
      """)
  }
  private static var end: Statement { Statement("permit-end", "DELETE FROM permit_work WHERE worker = $1") }

  /// What sessions prepare.
  static var statements: [Statement] { [begin, count, end] }

  /// From now on the worker is at work. Who says so last of two at the same time sees both.
  static func enter(
    _ worker: Int32, _ key: Int32, _ connection: inout Connection
  ) async throws(AttemptFailure) {
    for statement in [begin, count] {
      connection.parameters.set(0, int4: worker)
      connection.parameters.set(1, int4: key)
      try await connection.run(statement, parameters: 2)
    }
  }

  /// It is no longer.
  static func leave(_ worker: Int32, _ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(0, int4: worker)
    try await connection.run(end, parameters: 1)
  }

  /// What was seen, for the checker.
  static let aftermath = Aftermath(judgedBy: [PermitLimit()]) { (environment) throws(SetupFailure) in
    let limit = environment.options.integer("limit")
    return try AftermathSession.run(environment, "say who was at work") {
      (session) throws(AdministrationConnection.Refusal) in
      var remains = Remains()
      remains[PermitLimit.question] = try session.run(
        """
        SELECT \(limit), count(*), count(*) FILTER (WHERE running > \(limit)), coalesce(max(running), 0) FROM permit_log
        """
      ).map { row in row.map { Int64($0) ?? 0 } }
      return remains
    }
  }
}
