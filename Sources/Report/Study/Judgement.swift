internal import Model

/// A verdict beside what was expected, with how it is to be taken.
func judgement(_ cell: CellSummary) -> (words: String, tone: Tone) {
  switch (cell.verdict, cell.isAsExpected) {
  case (.pass, false): ("pass, violation expected", .bad)
  case (.pass, _): ("pass", .good)
  case (.unknown, _): ("unknown", .doubtful)
  case (.violation, true): (cell.expectation == .any ? "violation, not judged" : "violation, expected", .doubtful)
  case (.violation, _): ("violation", .bad)
  }
}
