internal import Model

/// The keys at the top of a scenario file.
enum RootSection {
  /// Names for results folders.
  static let name = ValueFormat<String>.identifier(marks: "-_.", startsWithLetter: false)

  /// Names and meanings, in the order in which they are shown.
  static let keys: [(name: String, summary: String)] = [
    ("name", "Name for results; the name of the file by default."),
    ("workload", "The shared resource and what is done with it."),
    ("load", "How many workers, for how long."),
    ("retry", "What happens after an attempt that failed."),
    ("sweep", "Settings with the values that they take in turn; every combination is a variant of the run."),
    ("strategies", "The strategies to compare."),
    ("services", "Where the servers are; private instances of this run by default."),
    ("faults", "What is done to every trial while it runs: pauses, deaths, lost connections."),
    ("expect", "What strategies must show, by label, id or alias."),
    ("gate", "How 'contend gate' measures and judges a candidate."),
  ]

  /// The keys without which there is nothing to run.
  static let required = ["workload", "strategies"]

  /// The values of the top level by key, after reporting what is unknown, missing or of the wrong kind.
  static func read(_ root: YAMLNode, _ diagnostics: inout Diagnostics) -> [String: YAMLNode]? {
    guard let entries = root.entries else {
      let expected = "a mapping with the keys \(keys.map(\.name).joined(separator: ", "))"
      diagnostics.report(root.place, nil, "got \(root.kindForMessage), expected \(expected)")
      return nil
    }
    for entry in entries where keys.allSatisfy({ $0.name != entry.key }) {
      diagnostics.reportUnknownKey(entry, among: keys.map(\.name))
    }
    let values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    for name in required where values[name] == nil {
      diagnostics.report(root.place, nil, "the key '\(name)' is missing; see 'contend list' for what it may name")
    }
    return values
  }

  /// The name of a scenario that states none: its file name without extension, other characters replaced by `-`.
  static func defaultName(path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    let stem = file.lastIndex(of: ".").map { $0 > file.startIndex ? file[..<$0] : file } ?? file
    var name = ""
    for character in stem.prefix(100) {
      let isAllowed = character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
      name.append(isAllowed ? character : "-")
    }
    let start = name.drop { "-_.".contains($0) }
    let unchecked = YAMLNode(.scalar(String(start), isPlain: true), at: .file)
    var discarded = Diagnostics(path: path)
    return Self.name.read(unchecked, Subject("name"), &discarded) ?? "scenario"
  }
}
