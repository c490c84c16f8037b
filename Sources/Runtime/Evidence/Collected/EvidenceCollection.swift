internal import Model
internal import Synchronization

extension TrialMemory {
  /// Takes everything that the workers of a trial left behind; call it after ``settleOpenOperations(windowEnd:)``.
  ///
  /// - Parameters:
  ///   - workers: those that ran over this memory; all of the trial when nil.
  ///   - windowOpened: a moment of ``monotonicNow()``, from which the last commit is counted.
  ///   - withStore: whether the records lie in this memory.
  public func collect(
    workers: Range<Int>? = nil, windowOpened: Int64 = 0, withStore: Bool = true
  ) -> CollectedEvidence {
    var evidence = CollectedEvidence(layout)
    for phase in Phase.allCases { evidence.tallies[phase] = tally(phase) }
    for kind in RecorderKind.allCases { evidence[kind] = merged(kind) }
    evidence.workers = (workers ?? 0..<layout.workers).map { self.evidence(ofWorker: $0, windowOpened: windowOpened) }
    for block in blocks { block.add(to: &evidence) }
    // Workers count those that took more than one.
    evidence.tries[0] = tally(.measured)[.committed] - evidence.tries.reduce(0, +)
    evidence.error = firstError
    evidence.returned = returnedBits
    if withStore { evidence.values = values }
    return evidence
  }

  private func evidence(ofWorker index: Int, windowOpened: Int64) -> WorkerEvidence {
    let slot = worker(index)
    let lastCommit = slot[WorkerSlot.lastCommit]
    return WorkerEvidence(
      index: index, started: WorkerSlot.number(of: slot[WorkerSlot.announced]), committed: slot[WorkerSlot.committed],
      longestWait: slot[WorkerSlot.longestWait], lastCommit: lastCommit == 0 ? nil : max(0, lastCommit - windowOpened))
  }

  private var firstError: ThreadError? {
    for (index, block) in blocks.enumerated() where block.errorText[0] != 0 {
      return ThreadError(thread: index, text: String(cString: block.errorText))
    }
    return nil
  }

  /// Only pages that somebody touched are looked at: the region is generous, and reading a page takes it.
  private var returnedBits: ReturnedBits {
    var bits = ReturnedBits()
    for range in region.touched(layout.bitsOffset..<layout.threadsOffset) {
      for offset in stride(from: range.lowerBound, to: range.upperBound, by: TrialLayout.page) {
        let words = region.base.advanced(by: offset).assumingMemoryBound(to: UInt64.self)
        bits.take(
          page: (offset - layout.bitsOffset) / TrialLayout.page,
          words: UnsafeBufferPointer(start: words, count: ReturnedBits.wordsPerPage))
      }
    }
    return bits
  }
}

extension ThreadBlock {
  /// Adds tries, ledger and duplicates.
  fileprivate func add(to evidence: inout CollectedEvidence) {
    for index in evidence.tries.indices { evidence.tries[index] &+= tries[index] }
    for key in evidence.ledger.indices {
      let entry = ledger + key * Self.ledgerWords
      evidence.ledger[key] += LedgerEntry(
        acknowledged: entry[0], acknowledgedCount: entry[1], unknownLow: entry[2], unknownHigh: entry[3])
    }
    evidence.duplicates.formUnion((0..<Int(duplicates[0])).map { Int(duplicates[1 + $0]) })
  }
}
