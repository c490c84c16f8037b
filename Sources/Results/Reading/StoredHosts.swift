internal import Model

extension StoredDetails {
  /// The hosts of a trial, by rank; none where it ran on one machine.
  func hosts(of key: TrialKey) throws(ResultsFailure) -> [HostRecord] {
    var records: [HostRecord] = []
    for row in hosts[key] ?? [] {
      var record = HostRecord(
        rank: try row.integer("rank"), name: try row.text("host"), processors: try row.integer("processors"),
        workers: try row.integer("host_workers"))
      record.offsetNanoseconds = try row.integer(ifAny: "clock_offset_ns")
      record.boundNanoseconds = try row.integer(ifAny: "clock_bound_ns")
      record.committed = try row.integer(ifAny: "committed_count")
      record.p99Nanoseconds = try row.integer(ifAny: "latency_p99_ns")
      record.clientRatio = try row.number(ifAny: "client_ratio")
      record.busyRatio = try row.number(ifAny: "busy_ratio")
      record.startDelayNanoseconds = try row.integer(ifAny: "start_delay_ns")
      record.beatsMissed = try row.integer(ifAny: "beats_missed") ?? 0
      record.isLost = try row.flag("is_lost")
      record.isDelivered = try row.flag("is_delivered")
      record.disturbances = (row.text(ifAny: "disturbances") ?? "").parts(separatedBy: "; ")
      records.append(record)
    }
    return records.sorted { $0.rank < $1.rank }
  }
}

extension StoredRow {
  /// What a row of `trials.csv` and those of `hosts.csv` say of the hosts of its trial; nil for one machine alone.
  ///
  /// - Throws: when the other table lacks hosts, or a field is damaged.
  func hosts(_ records: [HostRecord]) throws(ResultsFailure) -> TrialHosts? {
    let count = try integer(ifAny: "hosts") ?? 1
    if records.isEmpty && count <= 1 { return nil }
    guard records.count == count else {
      throw failure("it ran on \(count) hosts, but \(hostTable.file) has \(records.count) of them")
    }
    var hosts = TrialHosts(records)
    hosts.startSkewNanoseconds = try nanoseconds(ofMicroseconds: "start_skew_us")
    if let overlaps: Int64 = try integer(ifAny: "host_overlaps_count") {
      var holds = HoldsBetweenHosts()
      holds.overlaps = overlaps
      holds.undecided = try integer(ifAny: "host_undecided_count") ?? 0
      holds.apart = try integer(ifAny: "host_apart_count") ?? 0
      holds.compared = try integer(ifAny: "host_sections_count") ?? 0
      holds.resolutionNanoseconds = try nanoseconds(ofMicroseconds: "host_resolution_us") ?? 0
      hosts.holds = holds
    }
    return hosts
  }

  /// A field of microseconds in nanoseconds; nil when the column is missing or the field empty.
  private func nanoseconds(ofMicroseconds name: String) throws(ResultsFailure) -> Int64? {
    guard let microseconds = try number(ifAny: name) else { return nil }
    return try value(name, "\(microseconds)", "microseconds") { _ in Int64(exactly: (microseconds * 1000).rounded()) }
  }

  /// True or false; false when the column is missing or the field empty.
  func flag(_ name: String) throws(ResultsFailure) -> Bool {
    guard let text = text(ifAny: name) else { return false }
    return try value(name, text, "true or false", Bool.init)
  }
}
