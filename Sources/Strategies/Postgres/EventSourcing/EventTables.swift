/// The tables of event sourcing; made with the table `records`, empty at the start of each trial.
///
/// The table `records` is that of the streams: `value` is what a stream began with and stays, `version` is its head where
/// a strategy keeps one.
enum EventTables {
  /// Names and columns.
  ///
  /// The unique constraint is what an append relies on. Nothing forbids that an event is stored twice under different
  /// versions: who appended it (`worker`, `number`, `step`) is compared after the trial.
  static let all: [(name: String, columns: String)] = [
    (
      "events",
      """
      position bigserial PRIMARY KEY, stream int4 NOT NULL, version int8 NOT NULL, amount int8 NOT NULL,
      worker int4 NOT NULL, number int8 NOT NULL, step int8 NOT NULL,
      xid int8 NOT NULL DEFAULT txid_current(), at timestamptz NOT NULL DEFAULT clock_timestamp(),
      UNIQUE (stream, version)
      """
    ),
    ("snapshots", "stream int4, version int8, value int8 NOT NULL, PRIMARY KEY (stream, version)"),
    // What the events have added to a stream, the version and the position of the last one that did.
    (
      "read_model",
      "id int4 PRIMARY KEY, amount int8 NOT NULL, version int8 NOT NULL, position int8 NOT NULL"
    ),
    // One row: everything in front of `passed` is in the read model; `position` is the highest one that is.
    ("checkpoint", "passed int8 NOT NULL DEFAULT 0, position int8 NOT NULL DEFAULT 0"),
    // Evidence: each event as often as it was projected, and in which order.
    (
      "deliveries",
      "number bigserial PRIMARY KEY, position int8 NOT NULL, stream int4 NOT NULL, version int8 NOT NULL"
    ),
  ]

  /// What else has to be made in a schema, in this order.
  static func further(in schema: String) -> [String] {
    // The projection reads by transaction.
    ["CREATE INDEX ON \(schema).events (xid)", function(in: schema)]
  }

  /// Appends as message-db writes a message: everything in one request. It finds the tables as its caller does.
  private static func function(in schema: String) -> String {
    """
    CREATE FUNCTION \(schema).append_in_category(
      category int8, streams int4[], versions int8[], amounts int8[], worker int4, number int8
    ) RETURNS TABLE (stream int4, "position" int8, xid int8) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    BEGIN
      PERFORM pg_advisory_xact_lock(category);
      IF EXISTS (
        SELECT FROM unnest(streams, versions) AS new (stream, version) WHERE new.version IS DISTINCT FROM
          1 + coalesce((SELECT max(events.version) FROM events WHERE events.stream = new.stream), 0)
      ) THEN
        RAISE EXCEPTION 'Wrong expected version';
      END IF;
      RETURN QUERY INSERT INTO events (stream, version, amount, worker, number, step)
        SELECT new.stream, new.version, new.amount, append_in_category.worker, append_in_category.number, new.step
        FROM unnest(streams, versions, amounts) WITH ORDINALITY AS new (stream, version, amount, step)
        RETURNING events.stream, events.position, events.xid;
    END $$
    """
  }
}
