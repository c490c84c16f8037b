internal import Model

/// Evidence to bytes and back. Both directions go through the parts in the same order; a change of what is written or
/// of its order is a new ``EvidenceFrame/version``.
extension CollectedEvidence {
  /// The evidence as one versioned frame with a checksum.
  public func frame() -> [UInt8] {
    var writer = EvidenceWriter()
    write(to: &writer)
    return EvidenceFrame.wrap(writer.bytes)
  }

  /// Reads a frame.
  ///
  /// - Parameters:
  ///   - frame: bytes from anywhere; damage is refused.
  ///   - layout: of the trial that the evidence is expected from; bounds what the bytes may ask for.
  public init(frame: [UInt8], layout: TrialLayout) throws(EvidenceFailure) {
    self.init(layout)
    var reader = EvidenceReader(try EvidenceFrame.unwrap(frame))
    try readWorkers(&reader, layout)
    try readCounts(&reader)
    try readLedger(&reader)
    try readReturned(&reader)
    if try reader.isPresent() {
      let thread = try reader.count(upTo: layout.threads - 1, "a thread")
      // Bytes that were no text take up to three times the room after they have been replaced.
      error = ThreadError(thread: thread, text: try reader.text(upTo: 3 * ThreadBlock.errorBytes))
    }
    if try reader.isPresent() { values = try reader.vector(count: ledger.count, "values") }
    try reader.expectEnd()
  }

  func write(to writer: inout EvidenceWriter) {
    writer.append(workers.count)
    for worker in workers {
      for number in [Int64(worker.index), worker.started, worker.committed, worker.longestWait] {
        writer.append(number)
      }
      writer.append(worker.lastCommit.map { $0 + 1 } ?? 0)
    }
    writer.append(Counter.allCases.count)
    for phase in Phase.allCases { writer.append(tallies[phase]?.counts ?? []) }
    writer.append(tries)
    for kind in RecorderKind.allCases { writer.append(self[kind].counts.lazy.map(Int64.init(truncatingIfNeeded:))) }
    for part in Self.ledgerParts { writer.append(ledger.lazy.map { $0[keyPath: part] }) }
    writer.append(bitsPerRecord)
    writer.append(duplicates.positions.count)
    for position in duplicates.positions { writer.append(position) }
    let runs = returned.runs
    writer.append(runs.count)
    var end = 0
    for run in runs {
      writer.append(run.lowerBound - end)
      writer.append(run.count)
      end = run.upperBound
    }
    writer.append(present: error != nil)
    if let error {
      writer.append(error.thread)
      writer.append(error.text)
    }
    writer.append(present: values != nil)
    if let values { writer.append(values) }
  }

  private mutating func readWorkers(_ reader: inout EvidenceReader, _ layout: TrialLayout) throws(EvidenceFailure) {
    let limit = EvidenceReader.largestCount
    var least = 0
    for _ in 0..<(try reader.count(upTo: layout.workers, "a number of workers")) {
      let index = try reader.count(upTo: layout.workers - 1, "a worker")
      guard index >= least else { throw .invalid("workers out of order") }
      least = index + 1
      workers.append(
        WorkerEvidence(
          index: index, started: try reader.number(upTo: limit, "a count"),
          committed: try reader.number(upTo: limit, "a count"),
          longestWait: try reader.number(upTo: limit, "a time"),
          lastCommit: try reader.number(upTo: limit, "a time")))
      workers[workers.count - 1].lastCommit = workers.last?.lastCommit.flatMap { $0 == 0 ? nil : $0 - 1 }
    }
  }

  private mutating func readCounts(_ reader: inout EvidenceReader) throws(EvidenceFailure) {
    guard try reader.number() == Int64(Counter.allCases.count) else { throw .invalid("other counters") }
    for phase in Phase.allCases {
      let counts = try reader.counts(Counter.allCases.count, "counters")
      for counter in Counter.allCases { tallies[phase, default: Tally()][counter] = counts[counter.rawValue] }
    }
    tries = try reader.vector(count: tries.count, "counts of attempts")
    // The first one is a difference, and a worker that was killed may have counted one side only.
    guard tries.allSatisfy({ $0.magnitude <= EvidenceReader.largestCount }) else {
      throw .invalid("a count of attempts out of range")
    }
    for kind in RecorderKind.allCases {
      let counts = try reader.counts(self[kind].counts.count, "a histogram")
      self[kind] = HistogramSnapshot(self[kind].layout, counts: counts.map { UInt64($0) })
    }
  }

  private mutating func readLedger(_ reader: inout EvidenceReader) throws(EvidenceFailure) {
    for part in Self.ledgerParts {
      let column = try reader.vector(count: ledger.count, "a ledger")
      for key in ledger.indices { ledger[key][keyPath: part] = column[key] }
    }
    guard ledger.allSatisfy({ (0...EvidenceReader.largestCount).contains($0.acknowledgedCount) }) else {
      throw .invalid("a count of the ledger out of range")
    }
  }

  private mutating func readReturned(_ reader: inout EvidenceReader) throws(EvidenceFailure) {
    guard try reader.number() == Int64(bitsPerRecord) else { throw .invalid("other values compared") }
    let end = ledger.count * bitsPerRecord
    var positions: [Int] = []
    for _ in 0..<(try reader.count(upTo: Duplicates.kept, "a number of duplicates")) {
      positions.append(try reader.count(upTo: end - 1, "a duplicate"))
    }
    duplicates.formUnion(positions)
    var position = 0
    for _ in 0..<(try reader.count(upTo: end, "a number of runs")) {
      position += try reader.count(upTo: end - position, "a gap")
      let length = try reader.count(upTo: end - position, "a run")
      returned.insert(position..<position + length)
      position += length
    }
  }

  private static var ledgerParts: [WritableKeyPath<LedgerEntry, Int64>] {
    [\.acknowledged, \.acknowledgedCount, \.unknownLow, \.unknownHigh]
  }

  /// The histogram of one kind.
  subscript(kind: RecorderKind) -> HistogramSnapshot {
    get {
      switch kind {
      case .latency: latency
      case .wait: phases.wait
      case .hold: phases.hold
      case .commit: phases.commit
      case .backoff: phases.backoff
      case .censored: phases.censored
      case .stage0, .stage1, .stage2, .stage3: phases.stages[kind.rawValue - RecorderKind.stage0.rawValue]
      }
    }
    set {
      switch kind {
      case .latency: latency = newValue
      case .wait: phases.wait = newValue
      case .hold: phases.hold = newValue
      case .commit: phases.commit = newValue
      case .backoff: phases.backoff = newValue
      case .censored: phases.censored = newValue
      case .stage0, .stage1, .stage2, .stage3: phases.stages[kind.rawValue - RecorderKind.stage0.rawValue] = newValue
      }
    }
  }
}
