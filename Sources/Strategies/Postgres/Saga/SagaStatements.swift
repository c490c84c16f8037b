/// The statements of sagas. `$1` is the saga unless the text says otherwise.
enum SagaStatements {
  static var open: Statement {
    Statement(
      "saga-open",
      "INSERT INTO saga_instances (saga, state, step, steps, data) VALUES ($1, 0, 0, $2, $3) ON CONFLICT DO NOTHING")
  }
  static var setState: Statement {
    Statement("saga-state", "UPDATE saga_instances SET state = $2, step = $3 WHERE saga = $1")
  }
  /// One row when the step has not been done and not been undone before.
  static var begin: Statement {
    Statement(
      "saga-begin-step",
      """
      INSERT INTO saga_steps (saga, step, applied, undone) VALUES ($1, $2, 1, 0) ON CONFLICT DO NOTHING
      RETURNING applied
      """)
  }
  /// One row when the step has not been undone before: whether it was done. Where it was not, a tombstone stays.
  static var undo: Statement {
    Statement(
      "saga-undo-step",
      """
      INSERT INTO saga_steps (saga, step, applied, undone) VALUES ($1, $2, 0, 1)
      ON CONFLICT (saga, step) DO UPDATE SET undone = saga_steps.undone + 1 WHERE saga_steps.undone = 0
      RETURNING applied
      """)
  }
  /// The same by somebody who does not ask whether it was undone before.
  static var undoAgain: Statement {
    Statement(
      "saga-undo-step",
      """
      INSERT INTO saga_steps (saga, step, applied, undone) VALUES ($1, $2, 0, 1)
      ON CONFLICT (saga, step) DO UPDATE SET undone = saga_steps.undone + 1
      RETURNING applied
      """)
  }
  /// The same by somebody who only undoes what there is: no tombstone stays.
  static var undoDone: Statement {
    Statement(
      "saga-undo-step",
      "UPDATE saga_steps SET undone = undone + 1 WHERE saga = $1 AND step = $2 AND undone = 0 RETURNING applied")
  }
  static var look: Statement {
    Statement("saga-look", "SELECT applied, undone FROM saga_steps WHERE saga = $1 AND step = $2")
  }
  /// `$1` are records.
  static var lock: Statement {
    Statement("saga-lock", "SELECT id, value, version FROM records WHERE id = ANY ($1::int4[]) ORDER BY id FOR UPDATE")
  }
  /// `$1` are records, `$2` their values; `$3` is the saga.
  static var write: Statement {
    Statement(
      "saga-write",
      """
      UPDATE records SET value = new.value, version = $3
      FROM unnest($1::int4[], $2::int8[]) AS new (id, value) WHERE records.id = new.id
      """)
  }
  /// `$1` are records, `$2` is the saga that held them.
  static var free: Statement {
    Statement("saga-free", "UPDATE records SET version = 0 WHERE id = ANY ($1::int4[]) AND version = $2")
  }
  /// `$1` are records.
  static var read: Statement {
    Statement("saga-read", "SELECT id, value, version FROM records WHERE id = ANY ($1::int4[])")
  }
  /// `$1` are records. The third column is -1 for one that is pending, else it changes with every change.
  static var readSettled: Statement {
    Statement(
      "saga-read-settled",
      """
      SELECT id, value, CASE WHEN version <> 0 THEN -1 ELSE xmin::text::int8 END FROM records
      WHERE id = ANY ($1::int4[])
      """)
  }
  /// `$1` are sagas: how many of them have not ended.
  static var countUnfinished: Statement {
    Statement(
      "saga-unfinished", "SELECT count(*) FROM saga_instances WHERE saga = ANY ($1::int8[]) AND state < 2")
  }
  /// `$1` and `$2` are the first and the last saga that may be among them.
  static var list: Statement {
    Statement(
      "saga-list",
      """
      SELECT saga, state, step FROM saga_instances WHERE saga BETWEEN $1 AND $2 AND state < 2 ORDER BY saga LIMIT 16
      """)
  }
  static var data: Statement {
    Statement(
      "saga-data",
      """
      SELECT number FROM saga_instances, unnest(data) WITH ORDINALITY AS numbers (number, position) WHERE saga = $1
      ORDER BY position
      """)
  }

  /// Those of every session.
  static func all(_ undo: Statement) -> [Statement] {
    [
      .begin, .commit, .rollback, open, setState, begin, undo, look, lock, write, free, read, readSettled,
      countUnfinished, list, data,
    ]
  }
}
