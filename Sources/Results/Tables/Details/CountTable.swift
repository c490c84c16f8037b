internal import Model

/// The counts of one phase of a trial.
struct PhaseCounts: Sendable {
  /// When the operations started and ended.
  let phase: Phase
  /// Their counts.
  let tally: Tally

  /// The counts of a trial, in the order of its phases.
  static func all(of trial: TrialResult) -> [PhaseCounts] {
    Phase.allCases.compactMap { phase in trial.tallies[phase].map { PhaseCounts(phase: phase, tally: $0) } }
  }
}

/// `counts.csv`: one row per phase of a trial.
let countTable = Table<TrialRow<PhaseCounts>>(
  file: "counts.csv",
  columns: keyColumns() + [
    .text(
      "phase",
      "`warm-up`; `measured` (started and ended in the window); `drained` (still waiting when the window closed).",
      \.detail.phase.word)
  ]
    + counters(upTo: .uncoveredPairs).map(phaseCountColumn)
    + [variantColumn(\.trial.cell), formerOverflowColumn(), measurementColumn(\.trial)]
    + counters(after: .uncoveredPairs).map(phaseCountColumn))

private func phaseCountColumn(_ entry: Counter.Entry) -> Column<TrialRow<PhaseCounts>> {
  .integer(entry.column, entry.meaning) { $0.detail.tally[entry.counter] }
}

extension Phase {
  /// The phase as files name it.
  var word: String {
    switch self {
    case .warmUp: "warm-up"
    case .measured: "measured"
    case .drained: "drained"
    }
  }
}
