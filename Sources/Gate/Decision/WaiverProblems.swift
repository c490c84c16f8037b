public import Model

extension GatePolicy {
  /// What is wrong with the waivers, in sentences: those that have expired, and those whose cell neither arm has. A gate
  /// with such a waiver is wrongly used, and does not judge.
  ///
  /// - Parameters:
  ///   - cells: those of both arms.
  ///   - today: the day of the judgement; the last day of a waiver still counts.
  public func waiverProblems(cells: [Cell], today: CalendarDate) -> [String] {
    let cells = Set(cells.map(\.title))
    return waivers.flatMap { waiver in
      let name = "gate.waivers: the waiver for \(waiver.subject.rawValue) of '\(waiver.cell)'"
      var problems: [String] = []
      if waiver.expires < today {
        problems.append("\(name) expired on \(waiver.expires); remove it, or agree on a new day")
      }
      // When nothing is known of the cells, the gate fails for that.
      if !cells.isEmpty, !cells.contains(waiver.cell) {
        problems.append("\(name) names no cell; the cells are \(cells.sorted().joined(separator: "; "))")
      }
      return problems
    }
  }
}
