/// The tables of a scheduled job; made with the table `records`, empty at the start of each trial.
enum JobTables {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [
    // What the job tidies up.
    (
      "emp_details",
      "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, details text NOT NULL, last_updated timestamptz NOT NULL"
    ),
    // One row for each run, written before its work and again after it: the truth about who ran what.
    (
      "job_runs",
      """
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tick int8 NOT NULL, worker int4 NOT NULL,
      began timestamptz NOT NULL DEFAULT clock_timestamp(), ended timestamptz, failed bool NOT NULL DEFAULT false,
      deleted int8
      """
    ),
    // One row for each tick that somebody has taken.
    ("job_ticks", "tick int8 PRIMARY KEY, worker int4 NOT NULL"),
    // One row for the job, with the last tick that somebody has taken.
    ("job_schedule", "job int4 PRIMARY KEY, tick int8 NOT NULL, worker int4"),
  ]

  /// What they need besides.
  static func further(in schema: String) -> [String] {
    [
      "CREATE INDEX ON \(schema).emp_details (last_updated)",
      // So that live traffic can tell for next to nothing whether somebody is at work.
      "CREATE INDEX ON \(schema).job_runs (began) WHERE ended IS NULL AND NOT failed",
    ]
  }
}
