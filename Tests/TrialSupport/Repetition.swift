/// Runs a trial until it shows what only chance can make it show, twenty times at most; the last one stands. Workers that
/// a busy machine runs one after the other do not meet, and what they would have broken stays whole.
package func repeated<Outcome>(
  atMost tries: Int = 20, until isShown: (Outcome) -> Bool, _ trial: () throws -> Outcome
) rethrows -> Outcome {
  for _ in 1..<tries {
    let outcome = try trial()
    if isShown(outcome) { return outcome }
  }
  return try trial()
}
