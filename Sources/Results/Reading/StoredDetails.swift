internal import Model

/// What joins the rows of all tables that belong to one trial.
struct TrialKey: Hashable {
  let cell: Cell
  let repetition: Int
  let measurement: Int

  init(_ row: StoredRow) throws(ResultsFailure) {
    cell = Cell(
      strategy: try row.text("strategy"), workers: try row.integer("workers"), variant: row.text(ifAny: "variant") ?? ""
    )
    repetition = try row.integer("repetition")
    measurement = try row.integer(ifAny: "measurement") ?? 1
  }
}

/// The rows about details of trials, by trial. Rows of a trial that is not in `trials.csv` are never asked for: they were
/// written when the run was cut off.
struct StoredDetails {
  private let timeline, checks, findings, crossChecks, distributions: [TrialKey: [StoredRow]]
  /// Nil in folders of the first version, which did not have the file.
  private let counts: [TrialKey: [StoredRow]]?
  /// Nothing in folders of versions that knew no faults.
  private let faults: [TrialKey: [StoredRow]]
  /// Nothing in folders of versions that knew no stages.
  private let stages: [TrialKey: [StoredRow]]
  /// Nothing in folders of versions that knew no jobs and no leaders.
  private let turns: [TrialKey: [StoredRow]]
  /// Nothing where trials ran on one machine.
  let hosts: [TrialKey: [StoredRow]]

  /// Reads the tables of a folder.
  init(folder: String) throws(ResultsFailure) {
    timeline = try Self.grouped(StoredTable("\(folder)/\(timelineTable.file)"))
    checks = try Self.grouped(StoredTable("\(folder)/\(checkTable.file)"))
    findings = try Self.grouped(StoredTable("\(folder)/\(violationTable.file)"))
    crossChecks = try Self.grouped(StoredTable("\(folder)/\(crossCheckTable.file)"))
    distributions = try Self.grouped(StoredTable("\(folder)/\(distributionTable.file)"))
    let counts = try StoredTable(ifPresent: "\(folder)/\(countTable.file)")
    let faults = try StoredTable(ifPresent: "\(folder)/\(faultTable.file)")
    if let faults { self.faults = try Self.grouped(faults) } else { self.faults = [:] }
    let stages = try StoredTable(ifPresent: "\(folder)/\(stageTable.file)")
    if let stages { self.stages = try Self.grouped(stages) } else { self.stages = [:] }
    let turns = try StoredTable(ifPresent: "\(folder)/\(turnTable.file)")
    if let turns { self.turns = try Self.grouped(turns) } else { self.turns = [:] }
    let hosts = try StoredTable(ifPresent: "\(folder)/\(hostTable.file)")
    if let hosts { self.hosts = try Self.grouped(hosts) } else { self.hosts = [:] }
    if let counts { self.counts = try Self.grouped(counts) } else { self.counts = nil }
  }

  private static func grouped(_ table: StoredTable) throws(ResultsFailure) -> [TrialKey: [StoredRow]] {
    var groups: [TrialKey: [StoredRow]] = [:]
    for row in table.rows { groups[try TrialKey(row), default: []].append(row) }
    return groups
  }

  /// Seconds of a trial.
  func timeline(of key: TrialKey) throws(ResultsFailure) -> [TimelinePoint] {
    var points: [TimelinePoint] = []
    for row in timeline[key] ?? [] {
      points.append(
        TimelinePoint(
          second: try row.number(ifAny: "second_s") ?? 0, seconds: try row.number(ifAny: "interval_s") ?? 0,
          committed: try row.integer("committed_count"), failedAttempts: try row.integer("failed_attempts_count"),
          p50Nanoseconds: try row.integer(ifAny: "latency_p50_ns"),
          p99Nanoseconds: try row.integer(ifAny: "latency_p99_ns")))
    }
    return points
  }

  /// What was done to a trial.
  func faults(of key: TrialKey) throws(ResultsFailure) -> [FaultRecord] {
    var records: [FaultRecord] = []
    for row in faults[key] ?? [] {
      var record = FaultRecord(
        fault: try row.integer("fault"), kind: try row.text("kind"), summary: try row.text("summary"),
        requestedSecond: try row.number(ifAny: "requested_s") ?? 0)
      record.subject = row.text(ifAny: "subject") ?? ""
      record.injectedSecond = try row.number(ifAny: "injected_s")
      record.healedSecond = try row.number(ifAny: "healed_s")
      record.takeoverSeconds = try row.number(ifAny: "takeover_s")
      record.goodputBefore = try row.number(ifAny: "goodput_before_per_s")
      record.goodputDuring = try row.number(ifAny: "goodput_during_per_s")
      record.goodputAfter = try row.number(ifAny: "goodput_after_per_s")
      record.longestStallSeconds = try row.number(ifAny: "longest_stall_s")
      record.recoverySeconds = try row.number(ifAny: "recovery_s")
      record.overlaps = try row.integer(ifAny: "overlaps_count")
      record.abandonedLocks = try row.integer(ifAny: "abandoned_locks_count")
      record.abandonedRecord = try row.integer(ifAny: "abandoned_record")
      record.abandonedSeconds = try row.number(ifAny: "abandoned_s")
      records.append(record)
    }
    return records
  }

  /// Who did what only one may do.
  func turns(of key: TrialKey) throws(ResultsFailure) -> [Turn] {
    var all: [Turn] = []
    for row in turns[key] ?? [] {
      all.append(
        Turn(
          worker: try row.integer("worker"), tick: try row.integer(ifAny: "tick"),
          beganSecond: try row.number(ifAny: "began_s") ?? 0, endedSecond: try row.number(ifAny: "ended_s"),
          ending: try row.word("ending")))
    }
    return all
  }

  /// Names of the stages of a strategy, in their order.
  func stageNames(of key: TrialKey) throws(ResultsFailure) -> [String] {
    var names: [String] = []
    for row in (stages[key] ?? []).prefix(StrategyDescriptor.largestNumberOfStages) {
      names.append(try row.text("name"))
    }
    return names
  }

  /// Counts of client and server.
  func crossChecks(of key: TrialKey) throws(ResultsFailure) -> [CrossCheck] {
    var all: [CrossCheck] = []
    for row in crossChecks[key] ?? [] {
      all.append(
        CrossCheck(
          name: try row.text("name"), client: try row.integer("client_count"), server: try row.integer("server_count"),
          slack: try row.integer("slack_count")))
    }
    return all
  }

  /// The counts of a distribution from bucket `first` on; buckets without a row are 0.
  func distribution(_ kind: String, of key: TrialKey, first: Int) throws(ResultsFailure) -> [Int64] {
    var counts: [Int64] = []
    for row in distributions[key] ?? [] where try row.text("kind") == kind {
      let index = try row.integer("bucket") - first
      guard (0..<1 << 20).contains(index) else { throw row.failure("bucket: \(index + first) is out of range") }
      if index >= counts.count { counts += Array(repeating: 0, count: index + 1 - counts.count) }
      counts[index] = try row.integer("operations_count")
    }
    return counts
  }

  /// Counts by phase; nil when the folder does not state them.
  func tallies(of key: TrialKey) throws(ResultsFailure) -> [Phase: Tally]? {
    guard let counts else { return nil }
    var tallies: [Phase: Tally] = [:]
    for row in counts[key] ?? [] {
      let phase = try row.value("phase", try row.text("phase"), "warm-up, measured or drained") { word in
        Phase.allCases.first { $0.word == word }
      }
      tallies[phase] = try row.tally(Counter.allCases)
    }
    return tallies
  }

  /// Conclusions of the checkers with their findings.
  func checks(of key: TrialKey) throws(ResultsFailure) -> [CheckResult] {
    var findings = try StoredFindings(findings[key] ?? [])
    var results: [CheckResult] = []
    var violated = (checks[key] ?? []).count { $0.text(ifAny: "verdict") == Verdict.violation.rawValue }
    for row in checks[key] ?? [] {
      let checker = try row.text("checker")
      let verdict: Verdict = try row.word("verdict")
      let remark = row.text(ifAny: "remark")
      if verdict == .violation { violated -= 1 }
      let violations = verdict == .violation ? findings.take(of: checker, leavingAtLeast: violated) : []
      let allowed = try row.text(ifAny: "allowed").map { text throws(ResultsFailure) in
        try row.value("allowed", text, "kinds with their numbers", AllowedText.read)
      }
      let result = CheckResult(
        checker: checker, examined: try row.integer("examined_count"), violations: violations, unknown: remark,
        allowed: allowed ?? [])
      guard result.verdict == verdict else {
        throw row.failure("the verdict is '\(verdict.rawValue)', and the other files do not say why")
      }
      results.append(result)
    }
    return results
  }
}
