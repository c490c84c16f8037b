internal import Model

extension Footnotes {
  /// Terms of office, why they began, and how long the work was left undone between two leaders.
  var elections: [String] {
    limited(
      cells.compactMap { cell in
        cell.elections.map { "elections (\(cell.cell.name)): \(counted($0.terms, "term")): \(Self.parts($0))" }
      }, "more cells with elections")
  }

  private static func parts(_ elections: ElectionSummary) -> String {
    let causes = [
      (elections.givenBack, "given back"), (elections.lost, "after faults"), (elections.withoutCause, "without cause"),
    ].map { "\(formatCount($0.0)) \($0.1)" }
    let handover = elections.handoverMedian.map { median in
      let longest = formatDuration(nanoseconds: elections.longestHandover)
      return "next leader's first effect after \(formatDuration(nanoseconds: median)), at most \(longest)"
    }
    return (causes + [handover].compactMap(\.self)).joined(separator: ", ")
  }
}
