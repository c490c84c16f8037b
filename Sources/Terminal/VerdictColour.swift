internal import Model

/// The colour that repeats a verdict: red for what is wrong, yellow for what cannot be told.
func verdictColour(_ verdict: Verdict, _ expectation: Expectation) -> Colour? {
  switch (verdict, expectation) {
  case (.pass, .violation), (.violation, .pass): .red
  case (.unknown, _), (.violation, _): .yellow
  case (.pass, _): nil
  }
}
