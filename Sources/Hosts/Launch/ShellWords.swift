/// Words of a command line as a shell makes them, without a shell.
enum ShellWords {
  /// Splits at spaces outside of quotes. `'...'` is taken as it stands; in `"..."` and outside a backslash takes away the
  /// meaning of what follows.
  ///
  /// - Throws: when a quote is open at the end, and for what only a shell could do.
  static func split(_ text: String) throws(HostFailure) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        // Between double quotes it stands for itself before all but these.
        if quote == "\"", !"\"\\$`".contains(character) { word?.append("\\") }
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        word = word ?? ""
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word?.append(try plain(character, in: open)) }
      } else if character == "'" || character == "\"" {
        word = word ?? ""
        quote = character
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(try plain(character, in: nil))
      }
    }
    guard quote == nil, !isEscaped else {
      throw HostFailure(.usage, "a quote is not closed in the launcher: \(text)")
    }
    if let word { words.append(word) }
    return words
  }

  private static func plain(_ character: Character, in quote: Character?) throws(HostFailure) -> Character {
    let isOfShells = quote == nil ? "$`|&;<>()*?#~".contains(character) : quote == "\"" && "$`".contains(character)
    guard !isOfShells else {
      throw HostFailure(
        .usage,
        "the launcher is started without a shell, for which '\(character)' stands: quote it, or name a script instead")
    }
    return character
  }

  /// One word for a shell that says just this.
  static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_./:=,@%+".utf8.contains($0)
      }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
