/// One direction of a chart: what it shows, how values are laid out and how they are written.
public struct Axis: Sendable, Equatable {
  /// What the axis shows, with its unit: `operations per second`.
  public var title: String
  /// How values are laid out.
  public var scale: Scale.Kind
  /// How values are written.
  public var format: NumberFormat
  /// The values to mark; none for round numbers chosen from the data.
  public var ticks: [Double]

  /// An axis; its ends come from the data of the chart.
  public init(_ title: String, scale: Scale.Kind = .linear, format: NumberFormat = .plain, ticks: [Double] = []) {
    self.title = title
    self.scale = scale
    self.format = format
    self.ticks = ticks
  }

  /// A value as hover text writes it.
  func text(_ value: Double) -> String {
    switch scale {
    case .categories(let names):
      guard let index = Int(exactly: value), names.indices.contains(index) else { return format.text(value) }
      return names[index]
    case .nines: return NumberFormat.percent.text(value, digits: value > 0.99 ? 7 : 3)
    case .linear, .fitted, .logarithmic: return format.text(value)
    }
  }

  /// The labels of ticks, with as many digits as it takes to tell neighbours apart.
  func labels(of ticks: [Double]) -> [String] {
    if case .categories = scale { return ticks.map(text) }
    if scale == .nines {
      // As many digits as the last tick has nines; trailing zeros of the others are not written.
      return ticks.map { NumberFormat.percent.text($0, digits: max(3, ticks.count)) }
    }
    let candidates = (3...15).map { digits in ticks.map { format.text($0, digits: digits) } }
    return candidates.first { Set($0).count == ticks.count } ?? candidates[0]
  }
}

/// An axis laid along pixels.
struct PlacedAxis {
  let axis: Axis
  let scale: Scale
  /// Where the scale starts and ends; the end lies above the start for a vertical axis, and so is less.
  var start: Double
  var end: Double

  init(_ axis: Axis, fitting values: [Double], about tickCount: Int = 5, from start: Double = 0, to end: Double = 0) {
    self.axis = axis
    scale = Scale(axis.scale, fitting: values, ticks: axis.ticks, about: tickCount)
    (self.start, self.end) = (start, end)
  }

  /// The place of a value, nil if it has none. What lies outside is held near, where a clip path cuts it.
  func position(of value: Double) -> Double? {
    scale.fraction(of: value).map { start + min(max($0, -3), 4) * (end - start) }
  }

  /// The place of a value moved to the nearer end if it is outside, with a word on whether it was.
  func held(_ value: Double) -> (position: Double, isOutside: Bool)? {
    guard !value.isNaN else { return nil }
    guard let fraction = scale.fraction(of: value) else { return (value > 0 ? end : start, true) }
    return (start + min(max(fraction, 0), 1) * (end - start), fraction < -1e-9 || fraction > 1 + 1e-9)
  }

  /// Ticks with their place and label.
  var ticks: [(position: Double, label: String)] {
    let labels = axis.labels(of: scale.ticks)
    return zip(scale.ticks, labels).compactMap { tick, label in position(of: tick).map { ($0, label) } }
  }
}
