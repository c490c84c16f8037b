internal import Glibc
internal import Model

/// Texts of a user's own that a scenario names by their files, or holds itself.
enum ScriptFiles {
  /// The text that a value states: one with a line break or a semicolon is the text itself, any other names a file.
  ///
  /// Files are sought where the scenario is.
  static func source(
    _ node: YAMLNode, named name: String, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> ScriptSettings.Source? {
    guard let text = node.text, !text.isEmpty else {
      diagnostics.reportKind(node, subject, expected: "a file or a text")
      return nil
    }
    if isText(text) { return ScriptSettings.Source(name: name, text: text) }
    return file(text, at: node.place, subject, &diagnostics)
  }

  /// Whether a value is a text and not the name of a file.
  static func isText(_ value: String) -> Bool { value.contains { $0.isNewline || $0 == ";" } }

  /// The text of a file.
  static func file(
    _ name: String, at place: Problem.Place, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> ScriptSettings.Source? {
    if diagnostics.leavesFilesUnread { return ScriptSettings.Source(name: name, text: "") }
    let path = path(of: name, beside: diagnostics.path)
    do throws(SourceFile.Failure) {
      return ScriptSettings.Source(name: name, text: try SourceFile.text(of: path))
    } catch {
      diagnostics.report(place, subject.path, "the file \(path.quotedForMessage) \(error.message)")
      return nil
    }
  }

  /// Whether a name is that of a file and not of a text in the scenario.
  static func exists(_ name: String, beside scenario: String) -> Bool {
    access(path(of: name, beside: scenario), F_OK) == 0
  }

  /// The name of a file without folder and extension.
  static func stem(of name: String) -> String {
    let file = name.split(separator: "/").last ?? ""
    return String(file.lastIndex(of: ".").map { $0 > file.startIndex ? file[..<$0] : file } ?? file)
  }

  /// A relative name counts from the folder of the scenario.
  static func path(of name: String, beside scenario: String) -> String {
    guard !name.hasPrefix("/"), let end = scenario.lastIndex(of: "/") else { return name }
    return String(scenario[...end]) + name
  }
}
