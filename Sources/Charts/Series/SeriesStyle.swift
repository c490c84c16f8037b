/// How one series of several is told from the others: by colour, and by dash, marker and texture for those who do not
/// see the colour.
public struct SeriesStyle: Sendable, Equatable {
  /// The number of colours; beyond them dashes and markers differ.
  static let colours = 6
  private static let dashes = ["", "7 3", "2 3", "10 3 2 3", "5 5"]
  private static let markers: [Marker] = [.circle, .square, .triangle, .diamond, .cross, .triangleDown, .plus]

  /// The class that sets the colour, `s1` to `s6`.
  public let colourClass: String
  /// The value of `stroke-dasharray`; empty for a solid line.
  public let dash: String
  let marker: Marker

  /// The style of the series at an index from 0 on.
  public init(index: Int) {
    let round = index / Self.colours
    colourClass = "s\(index % Self.colours + 1)"
    dash = Self.dashes[(index + round) % Self.dashes.count]
    // Two steps a round: with one, the seventh series would have colour and marker of the first.
    marker = Self.markers[(index + 2 * round) % Self.markers.count]
  }

  var dashAttribute: String { dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"" }
}

/// The shape that stands for a point.
enum Marker: Sendable {
  case circle, square, triangle, triangleDown, diamond, cross, plus

  /// The `d` of a path around a place.
  func path(x: Double, y: Double, radius: Double = 4) -> String {
    let corners = outline.map { (x: x + $0.0 * radius, y: y + $0.1 * radius) }
    switch self {
    case .circle:
      let (r, diameter) = (coordinate(radius), coordinate(2 * radius))
      return "M\(coordinate(x - radius)) \(coordinate(y))a\(r) \(r) 0 1 0 \(diameter) 0a\(r) \(r) 0 1 0 -\(diameter) 0Z"
    case .cross, .plus: return pathData([corners[0], corners[1], nil, corners[2], corners[3]])
    case .square, .triangle, .triangleDown, .diamond: return pathData(corners) + "Z"
    }
  }

  private var outline: [(Double, Double)] {
    switch self {
    case .circle: []
    case .square: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    case .triangle: [(0, -1.15), (1.1, 0.85), (-1.1, 0.85)]
    case .triangleDown: [(0, 1.15), (1.1, -0.85), (-1.1, -0.85)]
    case .diamond: [(0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)]
    case .cross: [(-0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (0.9, -0.9)]
    case .plus: [(-1.1, 0), (1.1, 0), (0, -1.1), (0, 1.1)]
    }
  }
}
