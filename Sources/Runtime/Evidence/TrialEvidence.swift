public import Model
internal import Synchronization

/// What the driver writes into the shared memory before a trial, reads while it runs.
extension TrialMemory {
  /// Stores the values before the first operation: for the memory store and for the comparison of returned values.
  public func setInitialValues(_ values: [Int64]) {
    precondition(values.count == layout.records)
    for (key, value) in values.enumerated() {
      records.value(Int32(key)).pointee.store(value, ordering: .relaxed)
      records.word(Int32(key), RecordSlot.initial).pointee.store(value, ordering: .relaxed)
    }
  }

  /// Stores the operations of a thread.
  public func setOperations(_ templates: [OperationTemplate], ofThread index: Int) {
    thread(index).ring.fill(templates)
  }

  /// The values in the memory store.
  public var values: [Int64] {
    (0..<layout.records).map { records.value(Int32($0)).pointee.load(ordering: .acquiring) }
  }

  /// What all threads count.
  var blocks: [ThreadBlock] { (0..<layout.threads).map(thread) }

  /// The counts of a phase over all threads.
  public func tally(_ phase: Phase) -> Tally {
    var tally = Tally()
    for block in blocks {
      let counters = block.counters(phase)
      for counter in Counter.allCases { tally[counter] += counters[counter.rawValue] }
    }
    // Workers count what goes beyond one attempt.
    tally[.attempts] += tally[.started]
    return tally
  }

  /// Puts counts that workers elsewhere have made in the place of those of a thread that nobody here is: whoever looks at
  /// this memory finds the sums.
  public func mirror(_ tallies: [Phase: Tally], ofThread index: Int) {
    let block = thread(index)
    for (phase, tally) in tallies {
      for counter in Counter.allCases { block.counters(phase)[counter.rawValue] = tally[counter] }
      // Workers count what goes beyond one attempt.
      block.counters(phase)[Counter.attempts.rawValue] -= tally[.started]
    }
  }

  /// One counter of a phase over all threads; cheaper than the whole tally, of which first attempts are no counter.
  public func count(_ counter: Counter, in phase: Phase) -> Int64 {
    (0..<layout.threads).reduce(0) { $0 + thread($1).counters(phase)[counter.rawValue] }
  }

  /// Changes of a record that were acknowledged so far.
  public func acknowledgedChanges(of key: Int32) -> Int64 {
    (0..<layout.threads).reduce(0) { $0 + thread($1).ledger[Int(key) * ThreadBlock.ledgerWords + 1] }
  }

  /// What all threads recorded of one kind.
  func merged(_ kind: RecorderKind) -> HistogramSnapshot {
    var sum = HistogramSnapshot(ThreadBlock.histogramOrder[kind.rawValue])
    for block in blocks { block.recorder(kind).add(to: &sum, in: region) }
    return sum
  }

  /// Latencies of committed operations so far, over all threads.
  public var latency: HistogramSnapshot { merged(.latency) }

  /// Whether every operation of every ring would be refused over these values: nothing is left, and nothing comes back.
  /// Operations that give back what another took before are not asked: they only follow a commit.
  public func refusesEverything(over values: [Int64]) -> Bool {
    let scratch = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
    defer { scratch.deallocate() }
    return blocks.allSatisfy { block in
      (0..<layout.ringLength).allSatisfy { index in
        let operation = Operation(block.ring.entry(index), token: 1)
        if operation.header.pointee.followsCommit { return true }
        for step in 0..<operation.count { scratch[step] = values[Int(operation[step].key)] }
        return operation.decide(scratch) == .refuse
      }
    }
  }
}
