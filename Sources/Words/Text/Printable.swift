extension String {
  /// The text on one line, without characters that move a cursor or change the direction of text: names come from
  /// scenario files and messages from servers.
  public var printable: String {
    String(UnicodeScalarView(unicodeScalars.map { $0.isPrintable ? $0 : " " }))
  }
}

extension Unicode.Scalar {
  /// Whether it shows as what it is: no control character, line feeds included, no separator of lines, no mark that turns
  /// the direction of writing around or has no width, nothing that Unicode does not know.
  public var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .unassigned: false
    default: true
    }
  }
}
