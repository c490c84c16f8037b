internal import Model

/// Makes operations of the entries of all workers, one entry after the other in order of time.
struct HistoryAssembly {
  /// What was sent and has not ended.
  private struct Open {
    let number: Int64
    let thread: Int
    let entry: Int
    var invoke: Int64
    /// Whether it was told that it was sent; of transactions over lists only when it is known what they append.
    var isTold = false
    var details = HistoryDetails()
  }

  private let memory: TrialMemory
  private let start: Int64
  private let returnsValues: Bool
  private let hasLists: Bool
  /// By worker.
  private var open: [Open?]
  private var lastNumber: [Int64]
  /// The number of each worker as checkers know it; another one after an operation of which the outcome is unknown.
  private var processes: [Int]

  init(_ memory: TrialMemory, start: Int64, returnsValues: Bool, hasLists: Bool) {
    self.memory = memory
    self.start = start
    self.returnsValues = returnsValues
    self.hasLists = hasLists
    let workers = memory.layout.workers
    open = Array(repeating: nil, count: workers)
    lastNumber = Array(repeating: 0, count: workers)
    processes = Array(0..<workers)
  }

  /// Adds an entry; tells of an operation when it is sent and when it ends.
  mutating func add(
    _ record: HistoryRecord, ofThread thread: Int, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    let worker = record.worker
    guard open.indices.contains(worker), let kind = record.kind else { return }
    if kind == .invoke {
      // It cannot have sent another before the last one ended, but it may have ended itself.
      try close(worker, at: record.moment, body)
      try begin(worker, announced: record.operation, thread: thread, at: record.moment, body)
    } else if kind == .ended {
      guard var last = open[worker] else { return }
      last.details.first = record.value
      let outcome = Outcome(rawValue: UInt8(record.detail)) ?? .unknown
      try end(worker, last, outcome, at: record.moment, body)
    } else {
      if kind == .list && record.detail == 0 { try retry(worker, at: record.moment, body) }
      open[worker]?.details.add(record, kind, at: record.moment - start)
      if kind == .sent { try send(worker, at: record.moment, body) }
    }
  }

  /// The attempt before has failed, if there was one; the next one is an operation of its own.
  private mutating func retry(
    _ worker: Int, at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    guard var failed = open[worker], failed.isTold else { return }
    try body(.ended(recorded(worker, failed, .failed, end: moment - start), at: moment - start))
    failed.details = HistoryDetails()
    failed.isTold = false
    open[worker] = failed
  }

  private mutating func send(
    _ worker: Int, at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    guard var sent = open[worker] else { return }
    sent.invoke = moment - start
    sent.isTold = true
    open[worker] = sent
    try body(.invoked(recorded(worker, sent, nil, end: nil)))
  }

  /// Closes what workers have left open that are gone.
  mutating func close(_ death: RecordedTrial.Death, _ body: (RecordedTrial.Moment) throws -> Void) rethrows {
    for (worker, announced) in zip(death.workers, death.announced) {
      // Announced, but not written down: it died in between, and counts as one that may have happened.
      if open[worker] == nil && WorkerSlot.number(of: announced) > lastNumber[worker] {
        let thread = Int(memory.worker(worker)[WorkerSlot.thread])
        try begin(worker, announced: announced, thread: thread, at: death.moment, body)
      }
      try close(worker, at: death.moment, body)
    }
  }

  /// Closes everything: the history ends here.
  mutating func closeAll(at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void) rethrows {
    for worker in open.indices { try close(worker, at: moment, body) }
  }

  private mutating func begin(
    _ worker: Int, announced: Int64, thread: Int, at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    let new = Open(
      number: WorkerSlot.number(of: announced), thread: thread, entry: WorkerSlot.entry(of: announced),
      invoke: moment - start, isTold: !hasLists)
    open[worker] = new
    lastNumber[worker] = new.number
    if new.isTold { try body(.invoked(recorded(worker, new, nil, end: nil))) }
  }

  private mutating func close(
    _ worker: Int, at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    guard let last = open[worker] else { return }
    open[worker] = nil
    // Nothing was sent.
    guard last.isTold else { return }
    try body(.ended(recorded(worker, last, nil, end: nil), at: max(last.invoke, moment - start)))
    processes[worker] += memory.layout.workers
  }

  private mutating func end(
    _ worker: Int, _ last: Open, _ outcome: Outcome, at moment: Int64, _ body: (RecordedTrial.Moment) throws -> Void
  ) rethrows {
    open[worker] = nil
    guard last.isTold else { return }
    try body(.ended(recorded(worker, last, outcome, end: moment - start), at: moment - start))
    if outcome == .unknown { processes[worker] += memory.layout.workers }
  }

  private func recorded(_ worker: Int, _ open: Open, _ outcome: Outcome?, end: Int64?) -> RecordedOperation {
    let operation = Operation(
      memory.thread(open.thread).ring.entry(open.entry), token: Int64(worker) + 1)
    let ending = outcome.map { RecordedOperation.Ending($0) } ?? .info
    return RecordedOperation(
      process: processes[worker], open.details.hasLists ? .txn : operation.function, invoke: open.invoke, end: end,
      ending,
      open.details.accesses(operation, isOk: ending == .ok, hasValues: returnsValues), token: open.details.token,
      holds: open.details.holds(operation), error: open.details.error(outcome),
      attempts: hasLists ? 1 : open.details.attempts)
  }
}

extension RecordedOperation.Ending {
  /// A refused operation has changed nothing and never will.
  fileprivate init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .committed: .ok
      case .refused, .gaveUp, .failed: .fail
      case .unknown: .info
      }
  }
}

extension Operation {
  /// What it is, in a word that checkers know.
  fileprivate var function: RecordedOperation.Function {
    if isReadOnly { return .read }
    if count == 1 { return self[0].effect == .add ? .add : self[0].effect == .requireFree ? .read : .cas }
    let isTransfer =
      count == 2 && self[0].effect == .add && self[1].effect == .add && self[0].operand == -self[1].operand
    return isTransfer ? .transfer : .txn
  }
}
