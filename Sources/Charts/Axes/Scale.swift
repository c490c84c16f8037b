internal import Glibc

/// Where the values of an axis lie along it.
public struct Scale: Sendable, Equatable {
  /// How values are laid out.
  public enum Kind: Sendable, Equatable {
    /// Equal distances for equal differences, from 0 to a round number.
    case linear
    /// Equal distances for equal differences, between the round numbers around the data.
    case fitted
    /// Equal distances for equal ratios; only values above 0 have a place.
    case logarithmic
    /// Quantiles `q` at `-log10(1 - q)`: 90, 99 and 99.9 % at equal distances, as HdrHistogram plots them. Values
    /// from 0 up to but without 1 have a place.
    case nines
    /// One place each for named things; the value is the index of the name.
    case categories([String])
  }

  /// How values are laid out.
  public let kind: Kind
  /// The values to mark and to label, ascending.
  public let ticks: [Double]
  /// The ends, in the units of `measure`.
  private let lower: Double
  private let upper: Double

  /// A scale that has room for every value that has a place on it, and for the ticks if some are given; otherwise it
  /// has about `count` ticks where they lie at equal differences.
  public init(_ kind: Kind, fitting values: [Double], ticks wanted: [Double] = [], about count: Int = 5) {
    self.kind = kind
    let placed = (values + wanted).filter { Scale.measure($0, kind) != nil }
    let span = Span(placed)
    let wanted = wanted.filter { Scale.measure($0, kind) != nil }.sorted()
    let ends: ClosedRange<Double>
    let ticks: [Double]
    switch kind {
    case .linear: (ends, ticks) = NiceTicks.linear(Span([0] + placed), about: count)
    case .fitted: (ends, ticks) = NiceTicks.linear(span, about: count)
    case .logarithmic: (ends, ticks) = NiceTicks.logarithmic(span)
    case .nines:
      let most = max(1, placed.compactMap { Scale.measure($0, kind) }.max() ?? 1)
      (ends, ticks) = (0...most, NiceTicks.nines(upTo: most))
    case .categories(let names):
      (ends, ticks) = (-0.5...max(0.5, Double(names.count) - 0.5), names.indices.map { Double($0) })
    }
    self.ticks = wanted.isEmpty ? ticks : wanted
    // Chosen ticks replace the round ends of a logarithmic axis: 1, 2, 4, 8 workers end at 8 and not at 10.
    let isTight = kind == .logarithmic && !wanted.isEmpty && span.low < span.high
    let tight = isTight ? log10(span.low)...log10(span.high) : ends
    (lower, upper) = (tight.lowerBound, tight.upperBound)
  }

  /// The place of a value, 0 at the start of the axis and 1 at its end, beyond them for what lies outside; nil if the
  /// value has no place, such as 0 on a logarithmic axis, or anything that is not finite.
  public func fraction(of value: Double) -> Double? {
    Scale.measure(value, kind).map { ($0 - lower) / (upper - lower) }
  }

  private static func measure(_ value: Double, _ kind: Kind) -> Double? {
    guard value.isFinite else { return nil }
    switch kind {
    case .linear, .fitted, .categories: return min(max(value, -Span.limit), Span.limit)
    case .logarithmic: return value > 0 ? log10(min(max(value, 1 / Span.limit), Span.limit)) : nil
    case .nines: return value >= 0 && value < 1 ? -log10(1 - value) : nil
    }
  }
}

/// The lowest and the highest of some values.
struct Span {
  /// Numbers are held below this, so that sums and steps of them stay finite.
  static let limit = 1e300

  let low: Double
  let high: Double

  init(_ values: [Double]) {
    low = values.min().map { min(max($0, -Span.limit), Span.limit) } ?? 0
    high = values.max().map { min(max($0, -Span.limit), Span.limit) } ?? 0
  }
}
