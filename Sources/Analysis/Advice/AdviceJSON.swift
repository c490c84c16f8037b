internal import Model
internal import Words

extension Advice {
  /// The advice as JSON (RFC 8259) with a line feed at its end. What is not known is null.
  ///
  /// `decided` (whether any load point allows a recommendation), `overall` (the strategy that is recommended somewhere
  /// and nowhere behind), `headline`, `objective`, `processes`, `databases`, `must_survive`, `round_trip_ns` (the distance
  /// that was asked for), `measured_round_trips_ns` (those at which strategies with servers were measured); `points`, one
  /// object per load point with `run`, `workers`, `variant`, `decision` (`use`, `undecided`, `none`), `strategy`, `reasons`, `candidates` (best first,
  /// each with `strategy`, `value` in operations per second or nanoseconds, and `first_is_better_by`), `rules`, `changes`,
  /// `cautions`; `excluded`; `not_tested`. A ratio has `point`, `low`, `high`, `confidence` (null for the range over the
  /// repetitions), `pairs`, `left_out` and `separated`.
  public func json() -> String {
    JSON.object([
      ("decided", .boolean(isDecided)),
      ("overall", .string(ifAny: overall)),
      ("headline", .string(headline)),
      ("objective", .string(objective.rawValue)),
      ("processes", .integer(architecture.processes)),
      ("databases", .integer(architecture.databases)),
      ("must_survive", .strings(architecture.mustSurvive)),
      ("round_trip_ns", .integer(architecture.roundTrip?.nanoseconds)),
      ("measured_round_trips_ns", .array(measuredRoundTrips.map { .integer($0.nanoseconds) })),
      ("points", .array(points.map(\.json))),
      (
        "excluded",
        .array(exclusions.map { .object([("strategy", .string($0.strategy)), ("reason", .string($0.reason))]) })
      ),
      ("not_tested", .strings(untested)),
    ]).text() + "\n"
  }
}

extension PointAdvice {
  fileprivate var json: JSON {
    .object([
      ("run", .string(candidates.run)),
      ("workers", .integer(candidates.point.workers)),
      ("variant", .string(candidates.point.variant)),
      ("decision", .string(decisionName)),
      ("strategy", .string(ifAny: recommended?.strategy)),
      ("reasons", .strings(reasons)),
      ("candidates", .array(candidates.correct.map(\.json))),
      ("rules", .array(rules.map(\.json))),
      ("changes", .strings(changes)),
      ("cautions", .array(cautions.map { .object([("text", .string($0.text)), ("source", .string($0.source))]) })),
    ])
  }

  private var decisionName: String {
    switch decision {
    case .use: "use"
    case .undecided: "undecided"
    case .none: "none"
    }
  }
}

extension Ranking.Entry {
  fileprivate var json: JSON {
    .object([
      ("strategy", .string(strategy)), ("value", .number(value)),
      ("first_is_better_by", behindFirst?.json ?? .null),
    ])
  }
}

extension RuleFinding {
  fileprivate var json: JSON {
    .object([
      ("rule", .string(id)), ("text", .string(text)), ("source", .string(source)), ("fact", .string(fact)),
      ("favoured", .string(favoured)), ("other", .string(other)), ("result", .string(result.rawValue)),
      ("favoured_is_better_by", ratio?.json ?? .null),
    ])
  }
}

extension RatioInterval {
  fileprivate var json: JSON {
    let confidence: Double? = if case .signedRank(let value) = method { value } else { nil }
    return .object([
      ("point", .number(point)), ("low", .number(low)), ("high", .number(high)), ("confidence", .number(confidence)),
      ("pairs", .integer(pairs)), ("left_out", .integer(leftOut)),
      ("disturbed_pairs", .integer(disturbed)), ("separated", .boolean(isSeparated)),
    ])
  }
}
