internal import Checking
@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services

/// The history of one trial: recorded while it runs, judged and written when it is over.
///
/// Writing takes about a microsecond per operation, on CPUs that the trial would need: so while it runs, entries are only
/// moved out of the way.
struct TrialHistory {
  private let recorder: HistoryRecorder
  private let folder: String?

  /// Starts to record.
  ///
  /// - Parameter folder: where the history is written, which is made if need be; nil when only checkers need it.
  init(of setup: TrialSetup, in folder: String?) throws(SystemFailure) {
    if let folder, mkdir(folder, 0o755) != 0 && errno != EEXIST { throw SystemFailure("make the folder \(folder)") }
    recorder = try HistoryRecorder(setup.memory, folder: folder ?? LaunchOptions.defaultTemporaryDirectory)
    self.folder = folder
  }

  /// Ends the recording. Call it once, after the trial.
  func end(_ ending: RunningTrial.Ending) -> EndedHistory {
    EndedHistory(recorded: recorder.end(from: ending.started), folder: folder)
  }
}

/// What was recorded of a trial that is over.
struct EndedHistory {
  private let recorded: RecordedTrial
  private let folder: String?

  fileprivate init(recorded: RecordedTrial, folder: String?) {
    self.recorded = recorded
    self.folder = folder
  }

  /// The first transactions of a trial, for its checkers; nil when the trial did not start.
  func judged(_ setup: TrialSetup, _ ending: RunningTrial.Ending) throws -> History? {
    guard ending.started > 0 else { return nil }
    var beginning = HistoryBeginning(header(setup), most: Transactions.mostTransactions)
    let missing = try replay(setup, ending) { beginning.add($0) }
    return beginning.history(missing: missing)
  }

  /// Writes what there is, whole or not; nothing when the trial did not start, or nobody wants it.
  func write(_ setup: TrialSetup, _ ending: RunningTrial.Ending) -> Result<HistorySummary, HistoryFailure>? {
    guard ending.started > 0, let folder else { return nil }
    do {
      return .success(try write(in: folder, setup, ending))
    } catch {
      return .failure(HistoryFailure(description: "the history could not be written: \(error)"))
    }
  }

  private func replay(
    _ setup: TrialSetup, _ ending: RunningTrial.Ending, _ body: (RecordedTrial.Moment) throws -> Void
  ) throws -> Int {
    try recorded.replay(
      deaths: ending.deaths, end: ending.ended, returnsValues: setup.trial.descriptor.returnsValues,
      hasLists: setup.trial.workload.lists != nil, body)
  }

  /// A list is empty at first, which needs no saying.
  private func header(_ setup: TrialSetup) -> HistoryHeader {
    let trial = setup.trial
    return HistoryHeader(
      workload: trial.settings.kind, strategy: trial.planned.cell.strategy,
      initial: trial.workload.lists == nil ? setup.initial : [])
  }

  private func write(
    in folder: String, _ setup: TrialSetup, _ ending: RunningTrial.Ending
  ) throws -> HistorySummary {
    var summary = HistorySummary(name: Self.name(of: setup.trial.planned))
    var files = try HistoryFiles(header(setup), at: "\(folder)/\(summary.name)")
    do {
      var faults = RecordedFault.all(of: ending)[...]
      let missing = try replay(setup, ending) { moment in
        while let fault = faults.first, fault.moment < moment.moment {
          try files.append(fault)
          faults.removeFirst()
        }
        try files.append(moment)
        if case .ended(let operation, _) = moment { summary.count(operation) }
      }
      for fault in faults { try files.append(fault) }
      summary.missingCount = missing
      try files.end(dropped: missing)
    } catch {
      files.discard()
      throw error
    }
    summary.cutReason = recorded.cut?.reason
    summary.note(recorded.waitsBetween, recorded.waitsWithin)
    return summary
  }

  /// Position and label, as `3-redis.lock`; a trial that was measured again has a number of its own behind that.
  private static func name(of planned: PlannedTrial) -> String {
    let label = planned.cell.strategy.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character)) ? character : "-"
    }
    return "\(planned.position)-\(String(label))" + (planned.measurement > 1 ? ".\(planned.measurement)" : "")
  }
}

/// Why a history was not written.
struct HistoryFailure: Error, CustomStringConvertible {
  let description: String
}

extension HistorySummary {
  fileprivate mutating func count(_ operation: RecordedOperation) {
    switch operation.ending {
    case .ok: okCount += 1
    case .fail: failCount += 1
    case .info: infoCount += 1
    }
  }

  fileprivate mutating func note(_ between: HistoryWaits, _ within: HistoryWaits) {
    waitsCount = between.count + within.count
    waitedNanoseconds = between.nanoseconds
    waitedWithinNanoseconds = within.nanoseconds
  }
}

extension RecordedTrial.Moment {
  /// Nanoseconds since the start of the history.
  fileprivate var moment: Int64 {
    switch self {
    case .invoked(let operation): operation.invoke
    case .ended(_, let moment): moment
    }
  }
}

extension RecordedFault {
  /// What happened to a trial, in the time of its history.
  fileprivate static func all(of ending: RunningTrial.Ending) -> [RecordedFault] {
    let opening = ending.opens - ending.started
    return ending.events.map { event in
      let isUndone = event.kind == .healed || event.kind == .restarted
      let detail =
        switch event.kind {
        case .ended: event.detail.isEmpty ? "ended" : "ended with \(event.detail)"
        case .restarted: event.detail.isEmpty ? "started again" : "started again, \(event.detail)"
        case .injected, .healed: event.detail
        }
      return RecordedFault(
        moment: opening + Int64(event.second * 1e9), isHealed: isUndone, name: event.subject, detail: detail)
    }
  }
}
