import Foundation
import Testing

/// `contend explain` prints the doc comments of the strategies from copies that are part of the program.
@Suite struct StrategyTextsTests {
  /// Run with `CONTEND_UPDATE_DOCUMENTATION=1` to write the copies again.
  @Test func copiesAreInStep() throws {
    let folder = SourceRulesTests.root.appendingPathComponent("Sources/contend/StrategyTexts")
    let backends = try Self.textsByBackend()
    #expect(backends.count >= 4)
    var expected = backends.map { (name: "\($0.name)Texts.swift", text: Self.source($0.name, $0.texts)) }
    expected.append((name: "AllTexts.swift", text: Self.list(backends.map(\.name))))
    if ProcessInfo.processInfo.environment["CONTEND_UPDATE_DOCUMENTATION"] != nil {
      for file in expected {
        try file.text.write(to: folder.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
      }
    }
    for file in expected {
      let present = try? String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(present == file.text, "\(file.name): run the tests with CONTEND_UPDATE_DOCUMENTATION=1")
    }
  }

  /// What a reader must be told of every strategy.
  @Test(arguments: ["Guarantees:", "Does not guarantee:", "Failure window:", "Source:"])
  func everyStrategyTells(label: String) throws {
    let silent = try Self.textsByBackend().flatMap(\.texts).filter {
      !$0.id.hasPrefix("floor.") && !$0.text.contains(label)
    }
    #expect(silent.map(\.id) == [])
  }

  // MARK: reading doc comments

  private typealias Text = (id: String, text: String)

  /// The doc comments that begin with the id of a strategy, by the folder of their backend.
  private static func textsByBackend() throws -> [(name: String, texts: [Text])] {
    var backends: [String: [Text]] = [:]
    for file in try SourceRulesTests.files(below: "Sources/Strategies") {
      let folder = file.path.split(separator: "/")[2]
      backends[String(folder), default: []] += texts(in: file.lines)
    }
    return backends.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { name, texts in
      (name, texts.sorted { $0.id < $1.id })
    }
  }

  private static func texts(in lines: [String]) -> [Text] {
    var texts: [Text] = []
    for (index, line) in lines.enumerated() {
      guard let match = line.wholeMatch(of: /\/\/\/ `([a-z]+\.[a-z-]+)`: .*/) else { continue }
      let comment = lines[index...].prefix { $0.hasPrefix("///") }
      texts.append((String(match.1), comment.map { String($0.dropFirst(4)) }.joined(separator: "\n")))
    }
    return texts
  }

  // MARK: writing copies

  private static let note =
    "// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.\n"
    + "// swift-format-ignore-file\n\n"

  private static func source(_ backend: String, _ texts: [Text]) -> String {
    let entries = texts.map { "    \"\($0.id)\": #\"\"\"\n\(indented($0.text))\n      \"\"\"#,\n" }.joined()
    return note + "extension StrategyTexts {\n  static let \(name(backend)): [String: String] = [\n\(entries)  ]\n}\n"
  }

  private static func list(_ backends: [String]) -> String {
    note + "extension StrategyTexts {\n  static let all: [[String: String]] = [\n"
      + backends.map { "    \(name($0)),\n" }.joined() + "  ]\n}\n"
  }

  private static func indented(_ text: String) -> String {
    text.components(separatedBy: "\n").map { $0.isEmpty ? "" : "      " + $0 }.joined(separator: "\n")
  }

  private static func name(_ backend: String) -> String {
    let lower = backend.lowercased()
    return backend.uppercased() == backend ? lower : String(lower.prefix(1)) + backend.dropFirst()
  }
}
