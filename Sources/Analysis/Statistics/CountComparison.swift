internal import Glibc

/// The probability, if events came equally often everywhere, that at least `second` of all events fall into the second
/// of two exposures: the one-sided p value of "more often in the second".
///
/// The exact conditional test for two Poisson counts: given their sum, the second is binomial with the share of its
/// exposure. Events that come in bursts are more dispersed than that, so it finds too much; take it as advice.
/// Source: Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940).
///
/// - Parameters:
///   - first: events in the first exposure; at least 0.
///   - second: events in the second exposure; at least 0.
///   - exposures: operations or seconds of both; above 0.
public func probabilityOfMoreEvents(first: Int64, second: Int64, exposures: (first: Double, second: Double)) -> Double {
  let share = exposures.second / (exposures.first + exposures.second)
  guard second > 0, first >= 0, share > 0, share < 1 else { return 1 }
  let total = Double(first + second)
  /// Logarithm of the probability of exactly k events in the second exposure.
  func logProbability(_ k: Double) -> Double {
    lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1) + k * log(share) + (total - k) * log1p(-share)
  }
  var sum = 0.0
  var count = second
  while count <= first + second {
    let term = exp(logProbability(Double(count)))
    sum += term
    // Past the most probable count the terms only fall.
    if Double(count) > total * share, term <= sum * 1e-17 { break }
    count += 1
  }
  return min(1, sum)
}
