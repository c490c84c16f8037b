internal import Model

/// Allowed anomalies as one field: `G-single 12; G2-item 3`.
enum AllowedText {
  /// Nil when there are none.
  static func write(_ allowed: [AllowedAnomaly]) -> String? {
    allowed.isEmpty ? nil : allowed.map { "\($0.kind.rawValue) \($0.count)" }.joined(separator: "; ")
  }

  /// Nil when the text is something else.
  static func read(_ text: String) -> [AllowedAnomaly]? {
    let parts = text.split(separator: ";")
    let allowed = parts.compactMap { part -> AllowedAnomaly? in
      let words = part.split(separator: " ")
      guard words.count == 2, let count = Int64(words[1]), count > 0 else { return nil }
      return AllowedAnomaly(Violation.Kind(rawValue: String(words[0])), count: count)
    }
    return allowed.count == parts.count ? allowed : nil
  }
}
