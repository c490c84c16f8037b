internal import Model

/// How a projection finds the events that are new to it.
enum Polling: String, Sendable, CaseIterable {
  /// Those of transactions that have ended, up to the first one that has not.
  case gapAware = "gap-aware"
  /// Those behind the highest position that it has seen.
  case naive

  /// Projects what is new: reads, applies and moves the checkpoint in one statement, which is one transaction. One row
  /// for each event: nanoseconds since it was appended.
  ///
  /// Whole transactions are taken, and their events in the order of positions: that is the order of each stream, whose
  /// writers draw a position when they have the stream to themselves. The order of transactions is not: one may have its
  /// number already when it waits for the lock of the writer before it. So the stretch ends where it parts no such pair.
  var statement: Statement {
    switch self {
    case .gapAware: Self.byTransaction
    case .naive: Self.byPosition
    }
  }

  private static var byTransaction: Statement {
    Statement(
      "project",
      """
      WITH mark AS (
        SELECT passed AS low, txid_snapshot_xmin(txid_current_snapshot()) AS high FROM checkpoint
      ), seen AS (
        SELECT events.*, max(xid) OVER (
          PARTITION BY stream ORDER BY version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM mark, events WHERE xid >= low
      ), inverted AS (
        SELECT xid AS first, before AS last FROM seen WHERE before > xid
      ), cut AS (
        SELECT low, max(candidate) AS high FROM mark CROSS JOIN LATERAL (
          SELECT high AS candidate UNION ALL SELECT first FROM inverted WHERE first < high
        ) AS candidates
        WHERE NOT EXISTS (SELECT FROM inverted WHERE first < candidate AND candidate <= last) GROUP BY low
      ), batch AS (
        SELECT seen.* FROM cut, seen WHERE xid < high
      ), moved AS (
        UPDATE checkpoint SET passed = high,
          position = greatest(checkpoint.position, (SELECT max(position) FROM batch))
        FROM cut WHERE passed = low AND EXISTS (SELECT FROM batch) RETURNING 1
      ), applied AS (
        INSERT INTO read_model AS model (id, amount, version, position)
        SELECT stream, sum(amount), max(version), max(position) FROM batch
        WHERE EXISTS (SELECT FROM moved) GROUP BY stream ORDER BY stream
        ON CONFLICT (id) DO UPDATE SET amount = model.amount + excluded.amount,
          version = greatest(model.version, excluded.version), position = greatest(model.position, excluded.position)
      ), delivered AS (
        INSERT INTO deliveries (position, stream, version)
        SELECT position, stream, version FROM batch WHERE EXISTS (SELECT FROM moved) ORDER BY position
      )
      SELECT (extract(epoch FROM clock_timestamp() - at) * 1e9)::int8 FROM batch WHERE EXISTS (SELECT FROM moved)
      """)
  }

  private static var byPosition: Statement {
    Statement(
      "project",
      """
      WITH mark AS (
        SELECT passed AS low FROM checkpoint
      ), batch AS (
        SELECT events.* FROM mark, events WHERE events.position >= low
      ), moved AS (
        UPDATE checkpoint SET passed = (SELECT max(position) + 1 FROM batch),
          position = (SELECT max(position) FROM batch)
        FROM mark WHERE passed = low AND EXISTS (SELECT FROM batch) RETURNING 1
      ), applied AS (
        INSERT INTO read_model AS model (id, amount, version, position)
        SELECT stream, sum(amount), max(version), max(position) FROM batch
        WHERE EXISTS (SELECT FROM moved) GROUP BY stream ORDER BY stream
        ON CONFLICT (id) DO UPDATE SET amount = model.amount + excluded.amount,
          version = greatest(model.version, excluded.version), position = greatest(model.position, excluded.position)
      ), delivered AS (
        INSERT INTO deliveries (position, stream, version)
        SELECT position, stream, version FROM batch WHERE EXISTS (SELECT FROM moved) ORDER BY position
      )
      SELECT (extract(epoch FROM clock_timestamp() - at) * 1e9)::int8 FROM batch WHERE EXISTS (SELECT FROM moved)
      """)
  }
}
