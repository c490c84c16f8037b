internal import Model
public import Results
internal import Words

/// A base and a candidate, cell by cell: correctness first, then speed.
public struct Comparison: Sendable {
  /// What is compared to what.
  public struct Side: Sendable {
    /// What it is called in tables: the run, or the strategy of a run.
    public let name: String
    /// The folder it comes from.
    public let path: String
  }

  /// What is compared against.
  public let base: Side
  /// What is judged.
  public let candidate: Side
  /// The cells that both have, in the order of the base.
  public let cells: [ComparedCell]
  /// The cells that only the base has, by name with their verdict.
  public let onlyInBase: [String]
  /// The cells that only the candidate has, by name with their verdict.
  public let onlyInCandidate: [String]
  /// What else differs between the two, or is missing: each a sentence.
  public let warnings: [String]
  /// The cells that the base does not have and that broke an invariant although the scenario does not expect it.
  let unmatchedViolations: [String]

  /// Compares two runs.
  ///
  /// - Parameter strategies: labels or ids of the strategies to compare; all of both runs when empty.
  /// - Throws: when neither run has one of the strategies.
  public init(_ base: StoredRun, _ candidate: StoredRun, strategies: [String] = []) throws(ComparisonFailure) {
    let all = CellSummary.summaries(of: base.trials) + CellSummary.summaries(of: candidate.trials)
    for name in strategies { _ = try ComparisonFailure.labels(name, in: all) }
    func selected(_ run: StoredRun) -> [CellSummary] {
      CellSummary.summaries(of: run.trials).filter { strategies.isEmpty || strategies.contains(where: $0.isCalled) }
    }
    self.init(
      Side(name: "\(base.scenario) \(base.id)", path: base.path),
      Side(name: "\(candidate.scenario) \(candidate.id)", path: candidate.path), selected(base), selected(candidate),
      isPaired: false,
      warnings: Self.missing("base", base) + Self.missing("candidate", candidate)
        + SettingDifferences.sentences(base, candidate)
    ) { $0.cell.name }
  }

  /// Compares two strategies of one run, load point by load point.
  ///
  /// - Parameters:
  ///   - base: label or id of a strategy.
  ///   - candidate: label or id of another.
  /// - Throws: when the run does not have both, or when a name could mean several.
  public init(_ run: StoredRun, base: String, candidate: String) throws(ComparisonFailure) {
    let cells = CellSummary.summaries(of: run.trials)
    func side(_ name: String) throws(ComparisonFailure) -> (Side, [CellSummary]) {
      let labels = try ComparisonFailure.labels(name, in: cells)
      guard let label = labels.first, labels.count == 1 else { throw .ambiguous(name, labels) }
      return (Side(name: label.printable, path: run.path), cells.filter { $0.cell.strategy == label })
    }
    let (first, second) = (try side(base), try side(candidate))
    self.init(
      first.0, second.0, first.1, second.1, isPaired: true, warnings: Self.missing("the run", run)
    ) { LoadPoint($0.cell).name.printable }
  }

  private init(
    _ base: Side, _ candidate: Side, _ first: [CellSummary], _ second: [CellSummary], isPaired: Bool,
    warnings: [String], name: (CellSummary) -> String
  ) {
    self.base = base
    self.candidate = candidate
    var rest = second
    var cells: [ComparedCell] = []
    var alone: [String] = []
    for cell in first {
      if let index = rest.firstIndex(where: { name($0) == name(cell) }) {
        cells.append(
          ComparedCell(name: name(cell), base: cell, candidate: rest.remove(at: index), isPaired: isPaired))
      } else {
        alone.append("\(name(cell)) (\(cell.verdict.rawValue))")
      }
    }
    self.cells = cells
    onlyInBase = alone
    onlyInCandidate = rest.map { "\(name($0)) (\($0.verdict.rawValue))" }
    unmatchedViolations = rest.filter { $0.verdict == .violation && $0.isAsExpected == false }.map(name)
    self.warnings = warnings + SettingDifferences.sentences(cells)
  }

  /// What follows from correctness.
  public var conclusion: ComparisonConclusion {
    if !unmatchedViolations.isEmpty || cells.contains(where: \.isNewlyViolating) { return .violated }
    if !cells.contains(where: { $0.base.verdict != .unknown && $0.candidate.verdict != .unknown }) {
      return .incomparable
    }
    return cells.contains(where: \.isNewlyUnknown) ? .inconclusive : .compared
  }

  private static func missing(_ side: String, _ run: StoredRun) -> [String] {
    let count = run.missing.count
    guard count > 0 else { return [] }
    return [
      "\(side): \(formatCount(count)) of \(formatCount(run.planned.count)) planned trials are missing"
    ]
  }
}

/// What a comparison concludes; the raw value is the exit code. Speed is reported and not judged: `contend gate` judges.
public enum ComparisonConclusion: Int32, Sendable, CaseIterable {
  /// The candidate breaks nothing that the base keeps.
  case compared = 0
  /// The candidate broke an invariant where the base did not.
  case violated = 2
  /// A result that was known to be correct no longer is.
  case inconclusive = 3
  /// No cell is in both, with a verdict.
  case incomparable = 4
}

/// A strategy that cannot be found, in one sentence for the user.
public struct ComparisonFailure: Error, Sendable {
  /// What is wrong and what to do.
  public let message: String

  /// The labels that a name means: one label, or all with that id.
  static func labels(_ name: String, in cells: [CellSummary]) throws(ComparisonFailure) -> [String] {
    let labels = unique(cells.filter { $0.isCalled(name) }.map(\.cell.strategy))
    guard labels.isEmpty else { return labels.contains(name) ? [name] : labels }
    let all = unique(cells.map(\.cell.strategy)).map(\.printable).joined(separator: ", ")
    throw ComparisonFailure(message: "--strategy \(name): the results have no such strategy; they have \(all)")
  }

  static func ambiguous(_ name: String, _ labels: [String]) -> ComparisonFailure {
    let all = labels.map(\.printable).joined(separator: ", ")
    return ComparisonFailure(message: "--strategy \(name): several strategies have this id; name one of \(all)")
  }

  private static func unique(_ names: [String]) -> [String] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension CellSummary {
  /// Whether the strategy has this label or id.
  fileprivate func isCalled(_ name: String) -> Bool { cell.strategy == name || trials[0].strategyID == name }
}
