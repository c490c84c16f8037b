internal import Model
internal import Results
internal import Words

/// What `contend run --history` says of the histories that it has written.
struct HistoryNote {
  private let results: [TrialResult]

  /// Nil when no history was kept.
  init?(_ results: [TrialResult]) {
    self.results = results.filter { $0.history != nil }
    if self.results.isEmpty { return nil }
  }

  private var histories: [HistorySummary] { results.compactMap(\.history) }

  /// How much there is, and where.
  var summary: String {
    let operations = counted(histories.reduce(0) { $0 + $1.operationsCount }, "operation")
    return "\(operations) of \(counted(histories.count, "trial")) in \(ResultsFolder.historyFolder)/"
  }

  /// Where the recording has fallen behind, one sentence each.
  var remarks: [String] { histories.flatMap { cut($0) + waits($0) } }

  private func cut(_ history: HistorySummary) -> [String] {
    guard let reason = history.cutReason else { return [] }
    return [
      "history \(history.name) ends before its trial does: \(reason); "
        + "\(counted(history.missingCount, "operation is", "operations are")) missing, so it passes no check"
    ]
  }

  private func waits(_ history: HistorySummary) -> [String] {
    guard history.waitsCount > 0 else { return [] }
    let between = formatDuration(nanoseconds: Double(history.waitedNanoseconds))
    let within = formatDuration(nanoseconds: Double(history.waitedWithinNanoseconds))
    return [
      "history \(history.name): the recording fell behind, and workers waited \(between) for it between operations "
        + "and \(within) within; nothing is missing, but the goodput is lower for it"
    ]
  }
}
