internal import Terminal

extension RatioInterval {
  /// The factor in a sentence: `2.46 x (2.31 to 2.60, 95 % interval of 6 repetitions)`.
  public var words: String { "\(formatRate(point)) x (\(rangeWords))" }

  private var rangeWords: String {
    let ends = "\(formatRate(low)) to \(formatRate(high))"
    let besides = disturbed == 0 ? "" : ", \(disturbed) of them disturbed"
    return switch method {
    case .signedRank(let confidence), .rankSum(let confidence):
      "\(ends), \(percent(confidence)) interval of \(pairs) repetitions\(besides)"
    case .range: pairs == 1 ? "a single repetition" : "\(ends) in \(pairs) repetitions\(besides)"
    }
  }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
func listed(_ names: [String], _ conjunction: String = "and") -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// More places than this are counted, not named: a sweep has dozens of them.
let mostNamedPlaces = 3

/// A word after a count: `1 trial`, `8 trials`, `3 processes`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(formatCount(Int64(count))) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// A share in whole percent: `34 %`.
func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
