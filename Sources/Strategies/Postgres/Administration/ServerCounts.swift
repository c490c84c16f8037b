internal import Model
internal import Runtime

/// What the server counts for the current database: `pg_stat_database`, and what autovacuum did there.
struct ServerCounts: Equatable {
  var commits: Int64 = 0
  var rollbacks: Int64 = 0
  var deadlocks: Int64 = 0
  /// Tables that autovacuum has cleaned or analysed, each time counted.
  var vacuums: Int64 = 0
  /// Tables in the hands of autovacuum at a reading: it reports its transactions only when it has been through all its
  /// tables, so they belong to both sides of the reading.
  var vacuuming: Int64 = 0

  static func + (left: ServerCounts, right: ServerCounts) -> ServerCounts {
    ServerCounts(
      commits: left.commits + right.commits, rollbacks: left.rollbacks + right.rollbacks,
      deadlocks: left.deadlocks + right.deadlocks, vacuums: left.vacuums + right.vacuums,
      vacuuming: left.vacuuming + right.vacuuming)
  }

  static func - (left: ServerCounts, right: ServerCounts) -> ServerCounts {
    ServerCounts(
      commits: left.commits - right.commits, rollbacks: left.rollbacks - right.rollbacks,
      deadlocks: left.deadlocks - right.deadlocks, vacuums: left.vacuums - right.vacuums,
      vacuuming: left.vacuuming + right.vacuuming)
  }
}

extension ServerCounts {
  /// Our counts of a trial beside these.
  ///
  /// - Parameter vacuums: so many transactions may be those of autovacuum.
  func crossChecks(_ total: Tally, vacuums: Int64) -> [CrossCheck] {
    // A worker that was killed may have had a transaction open on two connections: that of its lock and that of its work,
    // or those of both deliveries of a request.
    let lost = 2 * total[.unknown] + total[.connectionLost] + total[.reconnects]
    return [
      CrossCheck(name: "commits", client: total[.serverCommits], server: commits, slack: lost + vacuums),
      CrossCheck(name: "deadlocks", client: total[.deadlock], server: deadlocks, slack: lost),
      CrossCheck(name: "rollbacks", client: total[.serverRollbacks], server: rollbacks, slack: lost),
    ]
  }
}

extension AdministrationConnection {
  /// Transactions that autovacuum may have added since a moment. It visits each database every `autovacuum_naptime`, which
  /// takes a few transactions even when there is nothing to do, and more for each table that it cleans or analyses: 27
  /// were seen with four tables.
  func vacuumAllowance(_ tables: Int64, since moment: Int64) throws(Refusal) -> Int64 {
    let rows = try run(
      """
      SELECT setting FROM pg_settings WHERE name = 'autovacuum_naptime'
      AND current_setting('autovacuum')::bool
      """)
    guard let naptime = rows.first?.first.flatMap({ Int64($0) }), naptime > 0 else { return 0 }
    let seconds = (monotonicNow() - moment) / 1_000_000_000
    return (1 + seconds / naptime) * 4 + tables * 8
  }

  /// The counts of all sessions that have ended, less those of this session.
  ///
  /// A session reports its counts when it ends, and this one when it is told to, before it reads: so the transaction
  /// that reads is not among them. Servers before version 15 report through a collector, half a second late.
  func readCounts() throws(Refusal) -> ServerCounts {
    if serverVersion < 150_000 { return try readLateCounts() }
    try run("SELECT pg_stat_force_next_flush()")
    let (ownCommits, ownRollbacks) = (commits, rollbacks)
    var counts = try readReported()
    counts.commits -= ownCommits
    counts.rollbacks -= ownRollbacks
    return counts
  }

  /// Until two readings a second apart agree, but for the transactions of this session between them.
  private func readLateCounts() throws(Refusal) -> ServerCounts {
    var previous: ServerCounts?
    var reading = ServerCounts()
    for _ in 0..<5 {
      try run("SELECT pg_sleep(1.1)")
      let (ownCommits, ownRollbacks) = (commits, rollbacks)
      reading = try readReported()
      reading.commits -= ownCommits
      reading.rollbacks -= ownRollbacks
      if reading == previous { break }
      previous = reading
    }
    return reading
  }

  private func readReported() throws(Refusal) -> ServerCounts {
    let row = try run(
      """
      WITH vacuum AS (
        SELECT count(*) AS workers, min(backend_start) AS start FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'autovacuum worker')
      SELECT xact_commit, xact_rollback, deadlocks,
        (SELECT coalesce(sum(autovacuum_count + autoanalyze_count), 0) FROM pg_stat_all_tables),
        (SELECT workers + (
          SELECT count(*) FILTER (WHERE last_autovacuum >= start) + count(*) FILTER (WHERE last_autoanalyze >= start)
          FROM pg_stat_all_tables) FROM vacuum)
      FROM pg_stat_database WHERE datname = current_database()
      """)
    let numbers = row.first?.compactMap { Int64($0) } ?? []
    guard numbers.count == 5 else { return ServerCounts() }
    return ServerCounts(
      commits: numbers[0], rollbacks: numbers[1], deadlocks: numbers[2], vacuums: numbers[3], vacuuming: numbers[4])
  }
}
