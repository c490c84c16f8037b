internal import Words

/// Names come from scenario files and messages from servers: each output writes them so that they stay text.
extension String {
  /// In an attribute of XML, whose readers make blanks of line feeds: on one line, so that all see the same.
  var inXMLAttribute: String { printable.inXML }

  /// The message of a workflow command of GitHub.
  var inAnnotation: String {
    printable.replacing("%", with: "%25")
  }

  /// A property of a workflow command of GitHub.
  var inAnnotationProperty: String { inAnnotation.replacing(":", with: "%3A").replacing(",", with: "%2C") }

  /// The value of a label in the text format of OpenMetrics.
  var inOpenMetrics: String {
    printable.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
