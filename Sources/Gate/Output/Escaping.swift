/// Names come from scenario files and messages from servers: each output writes them so that they stay text.
extension String {
  /// On one line, without characters that move a cursor or change the direction of text.
  var onOneLine: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let isHarmless =
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .unassigned: false
        default: true
        }
      result.append(isHarmless ? scalar : " ")
    }
    return String(result)
  }

  /// In a cell of a GitHub Markdown table or a paragraph: nothing in it is markup.
  var inMarkdown: String {
    var result = ""
    for character in onOneLine {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "|", "\\", "`", "*", "_", "[", "]", "~", "#", "!": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }

  /// In an attribute or the text of XML and HTML. Characters that XML 1.0 forbids are gone.
  var inXML: String {
    var result = ""
    for scalar in onOneLine.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The message of a workflow command of GitHub.
  var inAnnotation: String {
    onOneLine.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  /// A property of a workflow command of GitHub.
  var inAnnotationProperty: String { inAnnotation.replacing(":", with: "%3A").replacing(",", with: "%2C") }

  /// The value of a label in the text format of OpenMetrics.
  var inOpenMetrics: String {
    onOneLine.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
