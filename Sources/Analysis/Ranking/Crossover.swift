/// Two strategies along a factor: where one overtakes the other.
public struct Crossover: Sendable {
  /// The comparison at one measured value of the factor.
  public struct Step: Sendable, Equatable {
    /// Value of the factor: a count, or nanoseconds.
    public let value: Double
    /// Figure of the first strategy.
    public let first: Double
    /// Figure of the second strategy.
    public let second: Double
    /// By what factor the first is better; nil when no pair of trials is left.
    public let ratio: RatioInterval?
  }
  /// Neighbouring steps at which the data tell the two apart, one way and then the other. Steps in between, where they
  /// do not, may lie within.
  public struct Change: Sendable, Equatable {
    /// The last step at which the earlier leader was ahead.
    public let before: Step
    /// The first step at which the other one is.
    public let after: Step
  }

  /// Label of one strategy.
  public let first: String
  /// Label of the other.
  public let second: String
  /// The setting along which they are compared.
  public let factor: Factor
  /// Where everything else is held: a ranking of the series.
  public let place: Ranking
  /// All comparisons, by ascending value.
  public let steps: [Step]

  /// Where the order changes; empty when there is no crossover in the measured range.
  public var changes: [Change] {
    let apart = steps.filter { $0.ratio?.isSeparated ?? false }
    return zip(apart, apart.dropFirst()).filter { isFirstAhead($0) != isFirstAhead($1) }
      .map { Change(before: $0, after: $1) }
  }

  /// Whether the first is ahead at a step at which the data tell the two apart.
  public func isFirstAhead(_ step: Step) -> Bool { (step.ratio?.low ?? 0) > 1 }

  /// Compares two strategies along a factor; one result for each way in which everything else is held, with at least two
  /// values at which both are correct. When a value was measured in several runs, the first counts.
  public static func between(
    _ first: String, _ second: String, along factor: Factor, in rankings: [Ranking]
  ) -> [Crossover] {
    series(along: factor, in: rankings).compactMap { series in
      let steps = series.compactMap { ranking -> Step? in
        guard let left = ranking.correct.first(where: { $0.strategy == first }),
          let right = ranking.correct.first(where: { $0.strategy == second })
        else { return nil }
        return Step(
          value: factor.value(of: ranking), first: left.value, second: right.value,
          ratio: ranking.objective.ratio(of: left.cell, to: right.cell))
      }
      guard steps.count > 1 else { return nil }
      return Crossover(first: first, second: second, factor: factor, place: series[0], steps: steps)
    }
  }

  /// Rankings that differ in nothing but the factor, by ascending value; only series of at least two values.
  static func series(along factor: Factor, in rankings: [Ranking]) -> [[Ranking]] {
    var order: [String] = []
    var groups: [String: [Ranking]] = [:]
    for ranking in rankings {
      let rest = factor.rest(of: ranking)
      if groups[rest] == nil { order.append(rest) }
      let value = factor.value(of: ranking)
      if !(groups[rest] ?? []).contains(where: { factor.value(of: $0) == value }) {
        groups[rest, default: []].append(ranking)
      }
    }
    return order.compactMap { groups[$0] }.filter { $0.count > 1 }
      .map { $0.sorted { factor.value(of: $0) < factor.value(of: $1) } }
  }
}
