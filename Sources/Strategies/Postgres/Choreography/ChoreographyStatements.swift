/// The statements of services. `$1` is the saga and `$2` the event unless the text says otherwise.
enum ChoreographyStatements {
  /// `$3` is the service that is told, `$4` the numbers.
  static var write: Statement {
    Statement(
      "outbox-write",
      "INSERT INTO saga_outbox (saga, event, service, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
  }
  /// One row for each number of an event that was written some time ago and is still there: saga, event, service, data.
  static var takeLeft: Statement {
    Statement(
      "outbox-take-left",
      """
      WITH oldest AS (
        SELECT saga, event, service, data FROM saga_outbox WHERE written < clock_timestamp() - interval '200 ms'
        ORDER BY written LIMIT 1 FOR UPDATE SKIP LOCKED)
      SELECT number FROM oldest, unnest(ARRAY[saga, event, service] || data) WITH ORDINALITY AS numbers (number, position)
      ORDER BY position
      """)
  }
  static var removeWritten: Statement {
    Statement("outbox-remove", "DELETE FROM saga_outbox WHERE saga = $1 AND event = $2")
  }
  /// What is lost with the server only makes it be sent again.
  static var withoutWaiting: Statement {
    Statement("without-waiting", "SELECT set_config('synchronous_commit', 'off', true)")
  }

  /// `$3` are the numbers.
  static var deliver: Statement {
    Statement(
      "inbox-deliver", "INSERT INTO saga_inbox (saga, event, data) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
  }
  /// Wakes who waits for the inbox.
  static var wakeService: Statement {
    Statement("inbox-wake", "SELECT pg_notify(current_schema() || '_inbox', '')")
  }
  /// One row for each number of the event that has waited longest: saga, event, data.
  static var claim: Statement {
    Statement(
      "inbox-claim",
      """
      WITH oldest AS (
        SELECT saga, event, data FROM saga_inbox ORDER BY arrival LIMIT 1 FOR UPDATE SKIP LOCKED)
      SELECT number FROM oldest, unnest(ARRAY[saga, event] || data) WITH ORDINALITY AS numbers (number, position)
      ORDER BY position
      """)
  }
  static var removeDelivered: Statement {
    Statement("inbox-remove", "DELETE FROM saga_inbox WHERE saga = $1 AND event = $2")
  }
  static var bury: Statement {
    Statement(
      "inbox-bury",
      """
      WITH failed AS (DELETE FROM saga_inbox WHERE saga = $1 AND event = $2 RETURNING saga, event, data)
      INSERT INTO saga_dead_letters SELECT saga, event, data FROM failed ON CONFLICT DO NOTHING
      """)
  }
  /// Events in the inbox, and dead letters.
  static var count: Statement {
    Statement(
      "inbox-count", "SELECT (SELECT count(*) FROM saga_inbox), (SELECT count(*) FROM saga_dead_letters)")
  }

  /// The row of the step, by somebody who does not ask whether it was done before.
  static var beginAgain: Statement {
    Statement(
      "saga-begin-step",
      """
      INSERT INTO saga_steps (saga, step, applied, undone) VALUES ($1, $2, 1, 0)
      ON CONFLICT (saga, step) DO UPDATE SET applied = saga_steps.applied + 1 RETURNING applied
      """)
  }
  /// The step that was begun in this transaction is refused, and whoever comes late finds that; `$2` is the step.
  static var refuse: Statement {
    Statement("saga-refuse-step", "UPDATE saga_steps SET applied = 0, undone = 1 WHERE saga = $1 AND step = $2")
  }
  /// `$2` is the state, `$3` the step, `$4` are the new values of the changes, which are the answer to the worker.
  static var end: Statement {
    Statement(
      "saga-end",
      "UPDATE saga_instances SET state = $2, step = $3, data = data || $4::int8[] WHERE saga = $1 AND state < 2")
  }
  /// Wakes the worker that waits for the end of a saga; `$1` is the worker.
  static var wakeWorker: Statement {
    Statement("saga-wake", "SELECT pg_notify(current_schema() || '_saga_' || $1::int4, '')")
  }
  /// The state, and then one row for each number of what the saga does and of its answer.
  static var state: Statement {
    Statement(
      "saga-state-now",
      """
      SELECT number FROM saga_instances, unnest(ARRAY[state] || data) WITH ORDINALITY AS numbers (number, position)
      WHERE saga = $1 ORDER BY position
      """)
  }
  /// Events that are in the outbox.
  static var countWritten: Statement { Statement("outbox-count", "SELECT count(*) FROM saga_outbox") }

  /// Those of every session.
  static let all = [
    Statement.begin, .commit, .rollback, SagaStatements.open, SagaStatements.undo, SagaStatements.look,
    SagaStatements.lock, SagaStatements.write, SagaStatements.read, SagaStatements.countUnfinished, write, takeLeft,
    removeWritten, withoutWaiting, deliver, wakeService, claim, removeDelivered, bury, count, refuse, end, wakeWorker,
    state, countWritten,
  ]
}
