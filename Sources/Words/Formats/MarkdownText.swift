extension String {
  /// The text on one line of GitHub Flavored Markdown, in a paragraph or a cell of a table: it appears as it is, whatever
  /// it holds, and notifies nobody.
  ///
  /// Markup of HTML becomes entities, since renderers may let tags through.
  public var inMarkdown: String {
    var result = ""
    let scalars = printable.unicodeScalars
    for (scalar, next) in zip(scalars, scalars.dropFirst() + [" "]) {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@" where next != " ": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!", "$": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
