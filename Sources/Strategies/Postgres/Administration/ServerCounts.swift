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

extension AdministrationConnection {
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
