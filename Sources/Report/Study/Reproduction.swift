internal import Model
internal import Results

/// Commands that measure again what a report shows.
enum Reproduction {
  /// The command line of a run, so that it can be typed again; nil when the results do not state it.
  static func command(of run: StoredRun) -> String? {
    let arguments = run.environment?.contend.arguments.dropFirst() ?? []
    return arguments.isEmpty ? nil : words(["contend"] + kept(Array(arguments), dropping: ["--out"]))
  }

  /// A command that measures one cell of a run under its seed.
  static func command(of cell: CellSummary, in run: StoredRun) -> String {
    var words = ["contend"]
    let arguments = Array(run.environment?.contend.arguments.dropFirst() ?? [])
    words +=
      arguments.isEmpty
      ? ["run", "\(run.path)/scenario.yaml"] : kept(arguments, dropping: ["--out", "--strategy", "--workers"])
    words += ["--strategy", cell.cell.strategy, "--workers", "\(cell.cell.workers)"]
    for setting in settings(of: cell.cell.variant, in: run.scenarioText) { words += ["--set", setting] }
    return self.words(words)
  }

  /// Arguments without some options and without those that only say what is printed.
  private static func kept(_ arguments: [String], dropping options: [String]) -> [String] {
    var kept: [String] = []
    var isValue = false
    for argument in arguments {
      if isValue {
        isValue = false
      } else if options.contains(argument) {
        isValue = true
      } else if !["--quiet", "--json"].contains(argument), !options.contains(where: { argument.hasPrefix($0 + "=") }) {
        kept.append(argument)
      }
    }
    return kept
  }

  /// The parts of a variant as settings by their paths. A variant names only the end of a path; the scenario's `sweep`
  /// has the whole.
  private static func settings(of variant: String, in scenario: String) -> [String] {
    guard !variant.isEmpty else { return [] }
    let keys = scenario.split(whereSeparator: \.isNewline).compactMap { line -> Substring? in
      let trimmed = line.drop { $0 == " " || $0 == "{" || $0 == "\"" }
      return trimmed.firstIndex(of: ":").map { trimmed[..<$0] }
    }
    return variant.split(separator: ",").map { part in
      let setting = part.drop { $0 == " " }
      let name = setting.prefix { $0 != "=" }
      let path = keys.first { $0.hasSuffix("." + name) } ?? name
      return "\(path)\(setting.dropFirst(name.count))"
    }
  }

  /// Words for a POSIX shell, quoted where they need it.
  private static func words(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// A word for a POSIX shell.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./,=:+@%".utf8.contains(byte)
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}
