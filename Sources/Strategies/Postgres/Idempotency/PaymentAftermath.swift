internal import Checking
internal import Model
internal import Runtime

/// What happens to payments when the services are gone: requests that were left pending are finished, and what became of
/// all of them is asked.
enum PaymentAftermath {
  /// Of a service that stores its keys in `idempotency_keys` or `unguarded_keys`.
  static let aftermath = Aftermath(
    judgedBy: [SingleEffects(), KeptEffects(), RecordedEffects(), SameResponses()], collect)

  private static func collect(_ environment: StrategyEnvironment) throws(SetupFailure) -> Remains {
    let address = try ConnectionAddress(environment.endpoint("postgres"))
    let session = try DriverSetup.open(address, namespace: environment.namespace)
    do throws(AdministrationConnection.Refusal) {
      try DriverSetup.set(session)
      try session.run("SET search_path TO \"\(environment.namespace)\"")
      try complete(session)
      let remains = try ask(session)
      // The server adds up what a session did when it likes, which may be in the middle of the next trial.
      if session.serverVersion >= 150_000 { try session.run("SELECT pg_stat_force_next_flush()") }
      return remains
    } catch {
      throw SetupFailure("PostgreSQL did not say what became of the payments: \(error.text)")
    }
  }

  /// Finishes what a service had claimed that is gone, as a completer does that goes through old keys: the client cannot
  /// know, so the outcome is unknown to it either way.
  private static func complete(_ session: AdministrationConnection) throws(AdministrationConnection.Refusal) {
    for key in try session.run("SELECT worker, number FROM idempotency_keys WHERE response IS NULL") {
      try session.run(
        """
        WITH pending AS (
          SELECT worker, number, record, amount FROM idempotency_keys
          WHERE worker = $1::int4 AND number = $2::int8 AND response IS NULL FOR UPDATE
        ), charged AS (
          UPDATE records SET value = value + pending.amount FROM pending WHERE records.id = pending.record
          RETURNING pending.worker, number, record, amount, value
        ), noted AS (
          INSERT INTO charges (worker, number, record, amount, response) SELECT * FROM charged
        )
        UPDATE idempotency_keys SET response = charged.value, locked_at = NULL FROM charged
        WHERE idempotency_keys.worker = charged.worker AND idempotency_keys.number = charged.number
        """, key)
    }
  }

  private static func ask(_ session: AdministrationConnection) throws(AdministrationConnection.Refusal) -> Remains {
    let finished = """
      SELECT worker, number, record FROM idempotency_keys WHERE response IS NOT NULL
      UNION ALL SELECT worker, number, record FROM unguarded_keys
      """
    let effects = "SELECT worker, number, record FROM charges"
    let limit = "LIMIT \(EffectQuestion.mostRows)"
    let questions = [
      EffectQuestion.accounts:
        """
      SELECT record, count(*), sum(effects) FROM
        (SELECT record, count(*) AS effects FROM charges GROUP BY worker, number, record) AS requests GROUP BY record
      """,
      EffectQuestion.repeated:
        """
      SELECT worker, number, record, count(*) FROM charges GROUP BY worker, number, record HAVING count(*) > 1
      ORDER BY worker, number \(limit)
      """,
      EffectQuestion.missing: "(\(finished)) EXCEPT \(effects) ORDER BY 1, 2 \(limit)",
      EffectQuestion.unrecorded: "\(effects) EXCEPT (\(finished)) ORDER BY 1, 2 \(limit)",
    ]
    var remains = Remains()
    for (question, statement) in questions {
      remains[question] = try session.run(statement).map { row in row.compactMap { Int64($0) } }
    }
    return remains
  }
}
