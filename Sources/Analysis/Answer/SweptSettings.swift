/// The settings that differ between load points, with their values in order: the dimensions of a sweep.
struct SweptSettings {
  /// A setting that was measured at more than one value.
  struct Dimension {
    let name: String
    let values: [String]
  }

  /// Workers first, then the settings in the order in which variants name them.
  let dimensions: [Dimension]

  init(_ points: [LoadPoint]) {
    let places = points.map(Self.settings)
    var names: [String] = []
    for setting in places.flatMap({ $0 }) where !names.contains(setting.name) { names.append(setting.name) }
    dimensions = names.compactMap { name in
      let values = Set(places.map { Self.value(name, in: $0) })
      return values.count > 1 ? Dimension(name: name, values: values.sorted(by: VariantOrder.isValueBefore)) : nil
    }
  }

  /// The value of a dimension at a load point; empty where its variant does not name it.
  func value(_ dimension: Dimension, at point: LoadPoint) -> String {
    Self.value(dimension.name, in: Self.settings(point))
  }

  private static func value(_ name: String, in settings: [(name: String, value: String)]) -> String {
    settings.first { $0.name == name }?.value ?? ""
  }

  /// A load point as settings. What a variant holds besides, such as the comma of a list, belongs to the setting before
  /// it.
  private static func settings(_ point: LoadPoint) -> [(name: String, value: String)] {
    var settings = [(name: "workers", value: "\(point.workers)")]
    for part in point.variant.split(separator: ",") {
      let text = part.drop { $0 == " " }
      if let sign = text.firstIndex(of: "=") {
        settings.append((String(text[..<sign]), String(text[text.index(after: sign)...])))
      } else if settings.count > 1 {
        settings[settings.count - 1].value += ",\(part)"
      } else {
        settings.append(("variant", String(text)))
      }
    }
    return settings
  }
}
