/// Which of several hypotheses may be rejected when the probability of any false rejection is to stay below `alpha`.
///
/// Rejects the smallest p values in order while the i-th of m is at most alpha / (m - i + 1).
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
///
/// - Returns: one entry per p value, in their order.
public func holmRejections(_ probabilities: [Double], alpha: Double) -> [Bool] {
  var rejected = Array(repeating: false, count: probabilities.count)
  let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
  for (rank, index) in order.enumerated() {
    guard probabilities[index] <= alpha / Double(probabilities.count - rank) else { break }
    rejected[index] = true
  }
  return rejected
}
