internal import Model

/// Sums of 64 bits wrap as they do in shared memory, so that no damaged part can trap.
extension CollectedEvidence {
  /// Adds the evidence of other workers of the same trial, all of it or, when it throws, nothing.
  public mutating func merge(_ other: CollectedEvidence) throws(EvidenceFailure) {
    try expectCompanion(other)
    for (phase, tally) in other.tallies { tallies[phase, default: Tally()] += tally }
    latency += other.latency
    phases += other.phases
    for index in tries.indices { tries[index] &+= other.tries[index] }
    for key in ledger.indices { ledger[key] += other.ledger[key] }
    workers = (workers + other.workers).sorted { $0.index < $1.index }
    values = values ?? other.values
    if let first = other.error, error.map({ first < $0 }) ?? true { error = first }
    let common = returned.formUnion(other.returned)
    tallies[.measured, default: Tally()][.duplicateValues] &+= common.count
    duplicates.formUnion(other.duplicates.positions + common.least)
  }

  private func expectCompanion(_ other: CollectedEvidence) throws(EvidenceFailure) {
    if ledger.count != other.ledger.count || bitsPerRecord != other.bitsPerRecord { throw .differentTrials }
    if let both = Set(workers.map(\.index)).intersection(other.workers.map(\.index)).min() { throw .sameWorker(both) }
    if values != nil && other.values != nil { throw .severalStores }
  }
}

extension ThreadError: Comparable {
  static func < (left: ThreadError, right: ThreadError) -> Bool {
    (left.thread, left.text) < (right.thread, right.text)
  }
}

extension PhaseLatencies {
  static func += (left: inout PhaseLatencies, right: PhaseLatencies) {
    left.wait += right.wait
    left.hold += right.hold
    left.commit += right.commit
    left.backoff += right.backoff
    left.censored += right.censored
    for index in left.stages.indices { left.stages[index] += right.stages[index] }
  }
}

extension LedgerEntry {
  static func += (left: inout LedgerEntry, right: LedgerEntry) {
    left.acknowledged &+= right.acknowledged
    left.acknowledgedCount &+= right.acknowledgedCount
    left.unknownLow &+= right.unknownLow
    left.unknownHigh &+= right.unknownHigh
  }
}
