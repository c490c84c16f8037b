internal import Checking
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// After a trial of event sourcing: projects what the workers have left, by the rule of the trial, and asks the tables
/// what became of every event.
///
/// Replaying all events is the same as folding them, so the read model is compared with the fold.
enum ProjectionAftermath {
  /// Of the strategy of a form.
  static func of<Form: EventForm>(_: Form.Type) -> Aftermath {
    Aftermath(judgedBy: [StreamContiguity(), ProjectionEqualsFold(), AnswersWithinCheckpoint()]) {
      (environment) throws(SetupFailure) in
      try AftermathSession.run(environment, "project what was left, and read events and read model") {
        (session) throws(AdministrationConnection.Refusal) in
        try collect(session, EventSettings(environment, Form.self).polling)
      }
    }
  }

  /// How long a transaction of somebody else may keep the last events from being projected, in nanoseconds.
  private static let patience: Int64 = 20_000_000_000

  /// Projects until nothing is left, and asks.
  static func collect(
    _ session: AdministrationConnection, _ polling: Polling
  ) throws(AdministrationConnection.Refusal) -> Remains {
    var remains = Remains()
    let deadline = monotonicNow() + patience
    while true {
      guard try session.run(polling.statement.description).isEmpty else { continue }
      if polling == .naive || monotonicNow() > deadline { break }
      if try session.run(unfinished).isEmpty { break }
      usleep(1_000)
    }
    for (question, sql) in questions {
      remains[question] = try session.run(sql).map { row in row.map { Int64($0) ?? 0 } }
    }
    return remains
  }

  /// Events of transactions that the checkpoint has not passed.
  private static let unfinished = "SELECT 1 FROM events, checkpoint WHERE xid >= passed LIMIT 1"

  private static let questions: [(String, String)] = [
    (EventRemains.events, "SELECT count(*) FROM events"),
    (EventRemains.projected, "SELECT count(*) FROM deliveries"),
    (
      EventRemains.gaps,
      """
      SELECT stream, count(*), count(DISTINCT version), min(version), max(version) FROM events GROUP BY stream
      HAVING min(version) <> 1 OR max(version) <> count(*) OR count(DISTINCT version) <> count(*) ORDER BY stream
      """
    ),
    (
      EventRemains.appendedTwice,
      """
      SELECT min(stream), worker, number, count(*) FROM events GROUP BY worker, number, step HAVING count(*) > 1
      ORDER BY worker, number
      """
    ),
    (
      EventRemains.lost,
      """
      SELECT stream, count(*), min(position) FROM events
      WHERE NOT EXISTS (SELECT FROM deliveries WHERE deliveries.position = events.position) GROUP BY stream ORDER BY stream
      """
    ),
    (
      EventRemains.projectedTwice,
      """
      SELECT stream, sum(times - 1), min(position) FROM (
        SELECT stream, position, count(*) AS times FROM deliveries GROUP BY stream, position HAVING count(*) > 1
      ) AS repeated GROUP BY stream ORDER BY stream
      """
    ),
    (
      EventRemains.reordered,
      """
      SELECT stream, count(*), min(position) FROM (
        SELECT stream, position, version, max(version) OVER (
          PARTITION BY stream ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
        FROM deliveries
      ) AS delivered WHERE version < latest GROUP BY stream ORDER BY stream
      """
    ),
    (
      EventRemains.diverged,
      """
      SELECT id, value + coalesce(folded.amount, 0), value + coalesce(read_model.amount, 0) FROM records
      LEFT JOIN (SELECT stream, sum(amount) AS amount FROM events GROUP BY stream) AS folded ON stream = id
      LEFT JOIN read_model USING (id)
      WHERE coalesce(folded.amount, 0) <> coalesce(read_model.amount, 0) ORDER BY id
      """
    ),
  ]
}
