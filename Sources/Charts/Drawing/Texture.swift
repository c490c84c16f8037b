/// Patterns over fills, for those who do not see the colour and for what is not valid.
struct Texture {
  /// The start of the ids of the patterns.
  let id: String

  private static let shapes = ["", "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M0 4H8", "M4 0V8", "M-2 6L2 10M0 0L8 8M6 -2L10 2"]

  /// The pattern over the fill of a series; empty for the first of five, which is plain.
  func pattern(of index: Int) -> String {
    let shape = index % Self.shapes.count
    return shape == 0 ? "" : "\(id)-texture\(shape)"
  }

  /// The pattern in place of a fill.
  var hatch: String { "\(id)-hatch" }

  /// Defines the patterns for so many series, and the hatch if there is need of it.
  func define(count: Int, hatched: Bool, into drawing: inout Drawing) {
    drawing.nest("defs", "class=\"patterns\"") { defs in
      for shape in 1..<min(max(count, 1), Self.shapes.count) {
        define("\(id)-texture\(shape)", Self.shapes[shape], "texture", into: &defs)
      }
      if hatched { define(hatch, Self.shapes[1], "hatch", into: &defs) }
    }
  }

  private func define(_ name: String, _ shape: String, _ style: String, into drawing: inout Drawing) {
    let size = "width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\""
    drawing.nest("pattern", "id=\"\(name)\" \(size)") { $0.path(shape, style) }
  }
}

extension Drawing {
  /// A rectangle in the colour of the group around it, with a pattern over it if there is one.
  mutating func texturedBar(
    x: Double, y: Double, width: Double, height: Double, texture: String, hover: String? = nil
  ) {
    rectangle(x: x, y: y, width: width, height: height, "bar", hover: hover)
    guard !texture.isEmpty else { return }
    rectangle(x: x, y: y, width: width, height: height, "cover", extra: " fill=\"url(#\(texture))\"")
  }

  /// A hatched rectangle: there is a figure, but it must not be compared.
  mutating func hatchedBar(x: Double, y: Double, width: Double, height: Double, texture: Texture, hover: String) {
    rectangle(
      x: x, y: y, width: width, height: height, "invalid", extra: " fill=\"url(#\(texture.hatch))\"", hover: hover)
  }
}
