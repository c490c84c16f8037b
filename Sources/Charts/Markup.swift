/// Text made safe for HTML, SVG and XML.
public enum Markup {
  /// Text for an element's content or a quoted attribute value.
  ///
  /// Characters that XML 1.0 forbids even as references (section 2.2) are dropped, as are C1 controls and the
  /// bidirectional controls, by which a hostile name could reorder the text around it.
  public static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case _ where isForbidden(scalar): break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// What of an identifier may stand in `id="..."` and `url(#...)`: letters of ASCII, digits, `-` and `_`; every
  /// other character becomes `-`.
  static func identifier(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD: false
    case 0...0x1F, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
