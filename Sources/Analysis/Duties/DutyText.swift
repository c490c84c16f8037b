internal import Words

extension DutyAdvice {
  /// The recommendation in one sentence.
  public var headline: String {
    candidates.first.map { "Use \($0.strategy)." } ?? "Nothing can be recommended: \(nothingReason)."
  }

  /// Why nothing is recommended; the rest of a sentence.
  public var nothingReason: String {
    guard hasRuns else { return "the results hold no run of \(duty.phrase)" }
    return "nothing was shown to be correct under \(faults.isEmpty ? "load" : listed(faults))"
  }

  /// The advice for a terminal: a sentence, the table of the candidates, what was left out and what to take care of. Lines
  /// of at most `width` characters, with a line feed at its end.
  public func text(width: Int) -> String {
    let tried = faults.isEmpty ? "without faults" : "under \(listed(faults))"
    var blocks = [[headline] + "For \(duty.phrase), as measured \(tried).".wrapped(width)]
    if !candidates.isEmpty { blocks.append(table(width) + explanation.wrapped(width)) }
    let sections = [
      ("take care", cautions), ("not considered", excluded.map { "\($0.record.strategy): \($0.reason)." }),
    ]
    for (title, lines) in sections where !lines.isEmpty {
      blocks.append([title] + lines.flatMap { "- \($0)".wrapped(width - 2).map { "  \($0)" } })
    }
    return blocks.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
  }

  /// Labels are not shortened below this, for they must be told apart.
  private static let leastName = 16

  private var explanation: String {
    let missed = duty == .job ? "missed: ticks that nobody ran. " : ""
    return missed + "death, pause: from then until somebody else went on, median; - when nobody was seen to. "
      + "statements: to servers per second, those of the work included."
  }

  private func table(_ width: Int) -> [String] {
    let isJob = duty == .job
    let head =
      ["strategy"] + (isJob ? ["missed"] : []) + ["death", "pause", "statements", "servers"]
    let rows = candidates.map { record in
      [record.strategy] + (isJob ? [formatPercent(record.missedShare)] : []) + [
        Self.seconds(record.takeoverAfterDeath), Self.seconds(record.takeoverAfterPause),
        record.statementsPerSecond.map { "\(formatRate($0))/s" } ?? "-", record.services.joined(separator: ", "),
      ]
    }
    var widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let total = widths.reduce(2 * (widths.count - 1), +)
    widths[0] = max(Self.leastName, widths[0] - max(0, total - width))
    return ([head] + rows).map { row in
      row.enumerated().map { column, text in
        column == 0 || column == row.count - 1
          ? text.shortened(widths[column]).leftAligned(widths[column]) : text.rightAligned(widths[column])
      }.joined(separator: "  ").withoutTrailing()
    }
  }

  private static func seconds(_ value: Double?) -> String { formatDuration(nanoseconds: value.map { $0 * 1e9 }) }

  /// What to know before following the recommendation, each with its source.
  private var cautions: [String] {
    guard let first = candidates.first else { return [] }
    var cautions: [String] = []
    if first.withoutTakeover > 0 {
      cautions.append(
        "After \(counted(first.withoutTakeover, "death or pause", "deaths and pauses")) of \(first.strategy) nobody else was "
          + "seen to go on.")
    }
    switch duty {
    case .job:
      cautions.append(
        "A guard keeps others out and does not promise that somebody is in: watch for ticks that nobody ran. [ShedLock, "
          + "README: \"executed at most once at the same time\"]"
      )
    case .election:
      cautions.append(
        "Who leads can believe so for too long: let the effects carry the number of the term, and the store compare it. "
          + "[client-go, package leaderelection: \"does not guarantee that only one client is acting as a leader\"]")
    }
    return cautions
  }
}
