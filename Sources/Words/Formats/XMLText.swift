extension String {
  /// The text made safe for an element's content or a quoted attribute value of XML, HTML and SVG.
  ///
  /// Characters that XML 1.0 forbids even as references (section 2.2) are dropped, as are C1 controls and the
  /// bidirectional controls, by which a hostile name could reorder the text around it.
  public var inXML: String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case _ where Self.isForbiddenInXML(scalar): break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isForbiddenInXML(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD: false
    case 0...0x1F, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
