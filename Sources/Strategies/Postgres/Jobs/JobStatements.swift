/// The statements of a purge and of the traffic beside it.
enum JobStatements {
  /// Half of the rows are old. `$1` is how many.
  static var seed: Statement {
    Statement(
      "job-seed",
      """
      INSERT INTO emp_details (details, last_updated)
      SELECT 'details of ' || number, now() - CASE WHEN number % 2 = 0 THEN interval '31 days' ELSE interval '1 day' END
      FROM generate_series(1, $1::int8) AS number WHERE NOT EXISTS (SELECT FROM emp_details)
      """)
  }
  /// `$1` is the tick, `$2` the worker. One row: the run.
  static var beginRun: Statement {
    Statement("job-begin", "INSERT INTO job_runs (tick, worker) VALUES ($1::int8, $2::int4) RETURNING id")
  }
  /// The row of the job that knows its last tick.
  static var schedule: Statement {
    Statement("job-schedule", "INSERT INTO job_schedule (job, tick) VALUES (0, -1) ON CONFLICT DO NOTHING")
  }
  /// One row: microseconds of the clock of all runs.
  static var now: Statement {
    Statement("job-now", "SELECT (extract(epoch FROM clock_timestamp()) * 1e6)::int8")
  }
  /// `$1` is the run, `$2` how many rows it has deleted, `$3` when its work ended. It counts in the record.
  static var endRun: Statement {
    Statement(
      "job-end",
      """
      WITH ended AS (
        UPDATE job_runs SET ended = to_timestamp($3::int8 / 1e6), deleted = $2::int8 WHERE id = $1::int8 RETURNING 1
      )
      UPDATE records SET value = value + 1 FROM ended WHERE id = 0
      """)
  }
  /// `$1` is the run.
  static var failRun: Statement {
    Statement("job-fail", "UPDATE job_runs SET failed = true WHERE id = $1::int8")
  }
  /// All old rows at once.
  static var purge: Statement {
    Statement("purge", "DELETE FROM emp_details WHERE last_updated < now() - interval '30 days'")
  }
  /// Some of them: `$1` at most, none that somebody else works on.
  static var purgeBatch: Statement {
    Statement(
      "purge-batch",
      """
      DELETE FROM emp_details WHERE id = ANY (ARRAY(
        SELECT id FROM emp_details WHERE last_updated < now() - interval '30 days' LIMIT $1::int8
        FOR UPDATE SKIP LOCKED))
      """)
  }
  /// Each second row is old from the start, so that there is something to purge. One row: whether a run is under way.
  static var insert: Statement {
    Statement(
      "traffic-insert",
      """
      INSERT INTO emp_details (details, last_updated)
      VALUES ('from live traffic', now() - CASE WHEN $1::int8 % 2 = 0 THEN interval '31 days' ELSE interval '0' END)
      RETURNING (EXISTS (
        SELECT FROM job_runs WHERE ended IS NULL AND NOT failed AND began > clock_timestamp() - interval '10 s'))::int4
      """)
  }
  /// A row near a drawn one, which is old perhaps, is looked after. One row as above; none when there is no such row.
  static var update: Statement {
    Statement(
      "traffic-update",
      """
      UPDATE emp_details SET last_updated = now()
      WHERE id = (SELECT min(id) FROM emp_details WHERE id >= (SELECT max(id) FROM emp_details) * ($1::int8 % 1000) / 1000)
      RETURNING (EXISTS (
        SELECT FROM job_runs WHERE ended IS NULL AND NOT failed AND began > clock_timestamp() - interval '10 s'))::int4
      """)
  }
  /// A row near a drawn one.
  static var read: Statement {
    Statement(
      "traffic-read",
      """
      SELECT id FROM emp_details
      WHERE id >= (SELECT max(id) FROM emp_details) * ($1::int8 % 1000) / 1000 ORDER BY id LIMIT 1
      """)
  }
}
