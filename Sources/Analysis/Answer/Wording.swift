internal import Words

extension RatioInterval {
  /// The factor in a sentence: `2.46 x (2.31 to 2.60, 95 % interval of 6 repetitions)`.
  public var words: String { "\(formatRate(point)) x (\(rangeWords))" }

  private var rangeWords: String {
    let ends = "\(formatRate(low)) to \(formatRate(high))"
    let besides = disturbed == 0 ? "" : ", \(disturbed) of them disturbed"
    return switch method {
    case .signedRank(let confidence), .rankSum(let confidence):
      "\(ends), \(formatPercent(confidence)) interval of \(pairs) repetitions\(besides)"
    case .range: pairs == 1 ? "a single repetition" : "\(ends) in \(pairs) repetitions\(besides)"
    }
  }
}

/// More places than this are counted, not named: a sweep has dozens of them.
let mostNamedPlaces = 3
