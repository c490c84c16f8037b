internal import Model

extension StoredRow {
  /// The result of the trial that a row of `trials.csv` is about, with its details from the other files.
  ///
  /// - Throws: when a field is damaged, or when the details do not show what the row states: then a file is incomplete.
  func trial(_ details: StoredDetails, _ histograms: StoredHistograms) throws(ResultsFailure) -> TrialResult {
    let key = try TrialKey(self)
    var trial = TrialResult(
      cell: key.cell, strategyID: try text("strategy_id"), store: try text("store"),
      processes: try integer("processes"), threads: try integer("threads"), repetition: key.repetition,
      position: try integer("position"),
      seed: try value("seed", try text("seed"), "a seed such as 0x00000000000000ff", Seed.value),
      grade: try word("grade"), expectation: try word("expectation"))
    trial.measurement = key.measurement
    trial.conditions = try conditions()
    trial.startedAt = try time(ifAny: "started_at") ?? 0
    trial.measuredSeconds = try number(ifAny: "measured_s") ?? 0
    trial.usedUpAfterSeconds = try number(ifAny: "used_up_after_s")
    if let tallies = try details.tallies(of: key) { trial.tallies = tallies } else { trial.tallies = try tallies() }
    trial.unknownOutcomes = UnknownOutcomes(
      applied: try integer(ifAny: "unknown_applied_count") ?? 0,
      notApplied: try integer(ifAny: "unknown_not_applied_count") ?? 0,
      unresolved: try integer(ifAny: "unknown_unresolved_count") ?? trial.total[.unknown])
    trial.samplingInterval = try integer("sampling_interval_count")
    trial.tries = try details.distribution("tries", of: key, first: 1)
    trial.fairness = Fairness(
      committed: try details.distribution("worker_committed", of: key, first: 0),
      longestWaitNanoseconds: try integer("longest_wait_ns"))
    trial.parts = try details.distribution("committed_part", of: key, first: 0)
    trial.encounters = Encounters(
      moments: try integer(ifAny: "moments_count") ?? 0, looks: try integer(ifAny: "looks_count") ?? 0,
      met: try integer(ifAny: "met_count") ?? 0)
    trial.checks = try details.checks(of: key)
    trial.crossChecks = try details.crossChecks(of: key)
    trial.machine = try machine()
    trial.timeline = try details.timeline(of: key)
    trial.faults = try details.faults(of: key)
    trial.turns = try details.turns(of: key)
    trial.hosts = try hosts(details.hosts(of: key))
    trial.failure = text(ifAny: "failure")
    trial.firstError = text(ifAny: "first_error")
    trial.stageNames = try details.stageNames(of: key)
    try readHistograms(histograms, into: &trial)
    try compare(trial)
    return trial
  }

  /// The numbers of some counters; the columns may have a prefix.
  func tally(_ counters: [Counter], prefix: String = "") throws(ResultsFailure) -> Tally {
    var tally = Tally()
    for counter in counters { tally[counter] = try integer(ifAny: prefix + counter.columnName) ?? 0 }
    return tally
  }

  /// Counts by phase as far as `trials.csv` tells them: all that the first versions stored. What was not measured stands
  /// under the warm-up, except that the operations of the drain are known.
  private func tallies() throws(ResultsFailure) -> [Phase: Tally] {
    let measured = try tally(Counter.allCases)
    let total = try tally(Counter.conserved, prefix: "total_")
    var warmUp = Tally()
    for counter in Counter.conserved { warmUp[counter] = total[counter] - measured[counter] }
    var drained = Tally()
    drained[.started] = try integer("censored_count")
    warmUp[.started] -= drained[.started]
    return [.warmUp: warmUp, .measured: measured, .drained: drained]
  }

  private func conditions() throws(ResultsFailure) -> TrialConditions {
    var conditions = TrialConditions()
    conditions.workload = text(ifAny: "workload") ?? ""
    conditions.keys = try integer(ifAny: "keys") ?? conditions.keys
    if let distribution = text(ifAny: "distribution") {
      let theta = try number(ifAny: "theta")
      conditions.distribution = try value("distribution", distribution, "uniform, or zipfian with its theta") { word in
        switch (word, theta) {
        case ("uniform", nil): .uniform
        case ("zipfian", let theta?): .zipfian(theta: theta)
        default: nil
        }
      }
    }
    conditions.hold = .nanoseconds(try integer(ifAny: "hold_ns") ?? Int64(0))
    conditions.think = .nanoseconds(try integer(ifAny: "think_ns") ?? Int64(0))
    conditions.ratePerSecond = try number(ifAny: "rate_per_s")
    if let name = text(ifAny: "arrivals") {
      conditions.arrivals = try value(
        "arrivals", name, "poisson, uniform, or so many at once", ArrivalPattern.init(name:))
    }
    for part in (text(ifAny: "distances_ns") ?? "").split(separator: ";") {
      let (name, distance) = try value("distances_ns", String(part), "service=nanoseconds") { Self.distance($0) }
      conditions.distances[name] = distance
    }
    conditions.servers = (text(ifAny: "servers") ?? "").split(separator: ";").map(String.init)
    return conditions
  }

  /// From `service=500000` or `service=500000+-50000`.
  private static func distance(_ text: String) -> (name: String, distance: Distance)? {
    let words = text.split(separator: "=")
    guard words.count == 2 else { return nil }
    let numbers = words[1].split(separator: "+-").map { Int64($0) }
    guard numbers.count <= 2, let roundTrip = numbers.first ?? nil, let jitter = numbers.count == 2 ? numbers[1] : 0
    else { return nil }
    return (String(words[0]), Distance(roundTrip: .nanoseconds(roundTrip), jitter: .nanoseconds(jitter)))
  }

  private func machine() throws(ResultsFailure) -> MachineShare {
    var share = MachineShare()
    share.ownCPUSeconds = try number(ifAny: "own_cpu_s") ?? 0
    share.serverCPUSeconds = try number(ifAny: "server_cpu_s") ?? 0
    share.foreignRatio = try number(ifAny: "foreign_ratio") ?? 0
    share.stealRatio = try number(ifAny: "steal_ratio") ?? 0
    share.pressureRatio = try number(ifAny: "pressure_ratio") ?? 0
    for cpu in (text(ifAny: "cpus") ?? "").split(separator: ";") {
      share.cpus.append(try value("cpus", String(cpu), "the number of a CPU") { Int($0) })
    }
    share.disturbances = (text(ifAny: "disturbance") ?? "").parts(separatedBy: "; ")
    share.threads = try threads()
    return share
  }

  private func threads() throws(ResultsFailure) -> WorkerThreads? {
    guard let processors: Int = try integer(ifAny: "workers_cpus_count") else { return nil }
    return WorkerThreads(
      computingRatio: try number(ifAny: "workers_computing_ratio") ?? 0,
      readyRatio: try number(ifAny: "workers_ready_ratio") ?? 0,
      involuntarySwitchesPerSecond: try number(ifAny: "workers_involuntary_switches_per_s") ?? 0,
      processors: processors)
  }

  private func readHistograms(
    _ histograms: StoredHistograms, into trial: inout TrialResult
  ) throws(ResultsFailure) {
    let tag = try text("hist_tag")
    trial.latency = try histograms.histogram(tag, "latency", .latency)
    trial.latency.record(Self.formerLimit, times: try latenciesAboveFormerLimit())
    trial.phases.wait = try histograms.histogram(tag, "wait", .phase)
    trial.phases.hold = try histograms.histogram(tag, "hold", .phase)
    trial.phases.commit = try histograms.histogram(tag, "commit", .phase)
    trial.phases.backoff = try histograms.histogram(tag, "backoff", .phase)
    trial.phases.censored = try histograms.histogram(tag, "censored", .phase)
    for (index, name) in trial.stageNames.enumerated() {
      trial.phases.stages[index] = try histograms.histogram(tag, HistogramLog.kind(ofStage: name), .phase)
    }
  }

  /// Where histograms ended once, nanoseconds: latencies above were counted in a column and in no histogram. They took at
  /// least so long, and percentiles need their ranks.
  private static let formerLimit: UInt64 = 64_000_000_000

  private func latenciesAboveFormerLimit() throws(ResultsFailure) -> UInt64 {
    try integer(ifAny: overflowColumnName) ?? 0
  }

  /// Refuses a trial whose details are not those that the row was made of.
  private func compare(_ trial: TrialResult) throws(ResultsFailure) {
    let verdict: Verdict = try word("verdict")
    guard trial.verdict == verdict else {
      throw failure("the verdict is '\(verdict.rawValue)', but \(checkTable.file) says '\(trial.verdict.rawValue)'")
    }
    let samples: UInt64 = try integer("latency_samples_count") + latenciesAboveFormerLimit()
    guard trial.latency.total == samples else {
      throw failure("\(samples) latencies were recorded, but \(HistogramLog.file) has \(trial.latency.total) of them")
    }
    let committed: Int64 = try integer(Counter.committed.columnName)
    guard trial.measured[.committed] == committed else {
      throw failure("\(committed) operations committed, but \(countTable.file) says \(trial.measured[.committed])")
    }
  }
}

extension String {
  /// The parts between separators; none of an empty text.
  func parts(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return rest.isEmpty ? parts : parts + [String(rest)]
  }
}
