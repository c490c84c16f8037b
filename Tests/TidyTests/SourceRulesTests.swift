import Foundation
import Testing

/// Rules of the project that no compiler checks.
@Suite struct SourceRulesTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Swift files below a folder of the project, with their lines.
  static func files(below folder: String) throws -> [(path: String, lines: [String])] {
    let base = root.appendingPathComponent(folder)
    let enumerator = try #require(FileManager.default.enumerator(atPath: base.path))
    return try enumerator.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
      return ("\(folder)/\(path)", text.components(separatedBy: "\n"))
    }
  }

  /// Every line of a folder that matches, as `path:line`.
  static func matches(_ pattern: String, in folder: String) throws -> [String] {
    let expression = try Regex(pattern)
    return try files(below: folder).flatMap { file in
      file.lines.enumerated().filter { $0.element.firstMatch(of: expression) != nil }
        .map { "\(file.path):\($0.offset + 1): \($0.element)" }
    }
  }

  @Test(arguments: [#"try!"#, #"\bfatalError\("#, #"\b(TODO|FIXME|XXX)\b"#, #"as!"#])
  func sourcesNeverHave(pattern: String) throws {
    #expect(try Self.matches(pattern, in: "Sources").isEmpty)
  }

  /// Of a `UInt64` it takes the bits, not the value.
  @Test func numbersAreConvertedByValue() throws {
    #expect(try Self.matches(#"map\(Double\.init\)"#, in: "Sources").isEmpty)
  }

  @Test func whatIsUncheckedSaysWhy() throws {
    let unchecked = try Self.files(below: "Sources").flatMap { file in
      file.lines.indices.filter {
        let line = file.lines[$0]
        let next = $0 + 1 < file.lines.count ? file.lines[$0 + 1] : ""
        return (line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)"))
          && !(line + next).contains("because")
      }.map { "\(file.path):\($0 + 1)" }
    }
    #expect(unchecked.isEmpty)
  }

  @Test func filesStaySmall() throws {
    let large = try Self.files(below: "Sources").filter { $0.lines.count > 400 }.map {
      "\($0.path): \($0.lines.count) lines"
    }
    #expect(large.isEmpty)
  }

  @Test(arguments: [
    ("Yams", "Sources/ScenarioReader"), ("ArgumentParser", "Sources/contend"),
    ("CLibpq", "Sources/Strategies/Postgres"),
    ("CHiredis", "Sources/Strategies/Redis"), ("CZooKeeper", "Sources/Strategies/ZooKeeper"),
    ("CMariaDB", "Sources/Strategies/MariaDB"), ("CNghttp2", "Sources/Strategies/Etcd"),
  ]) func aLibraryIsImportedInOneFolder(library: String, home: String) throws {
    let importing = try Self.matches("import \(library)\\b", in: "Sources").filter { !$0.hasPrefix(home) }
    #expect(importing.isEmpty)
    #expect(try !Self.matches("import \(library)\\b", in: home).isEmpty)
  }

  /// Numbers, escapes and words around them are written in one way by every output.
  @Test(arguments: [#"&lt;"#, #"func (counted|listed|format(Count|Decimal|Duration|Percent|Ratio|Rate|Share))\b"#])
  func wordsAreWrittenOnce(pattern: String) throws {
    let elsewhere = try Self.matches(pattern, in: "Sources").filter { !$0.hasPrefix("Sources/Words/") }
    #expect(elsewhere.isEmpty)
  }

  /// What results say does not depend on where it is shown.
  @Test(arguments: ["Analysis", "Report", "Gate"])
  func whatIsSaidKnowsNoTerminal(folder: String) throws {
    #expect(try Self.matches("import Terminal", in: "Sources/\(folder)").isEmpty)
  }

  @Test(arguments: ["Model", "Workloads", "Checking", "Runtime", "Strategies"])
  func theWorkersPathIsFreeOfFoundation(folder: String) throws {
    #expect(try Self.matches(#"import Foundation"#, in: "Sources/\(folder)").isEmpty)
  }

  /// So that every client tries all addresses of a host. hiredis tries one; libpq, libmariadb and libzookeeper try all.
  @Test func oneFunctionConnects() throws {
    let connecting = try Self.matches(#"\bgetaddrinfo\(|\bredisConnect(Unix|NonBlock|WithTimeout|\()"#, in: "Sources")
    #expect(connecting.filter { !$0.hasPrefix("Sources/Runtime/Network/") }.isEmpty)
    #expect(connecting.count == 1)
  }

  @Test func noTestIsDisabled() throws {
    let skipping = try Self.matches(#"\.disabled\(|XCTSkip|withKnownIssue|\.enabled\(if"#, in: "Tests")
      .filter { !$0.hasPrefix("Tests/TidyTests") }
    #expect(skipping.isEmpty)
  }

  @Test func namesOfThisMachineStayOut() throws {
    #expect(try Self.matches(#""/(work|root|home)/"#, in: "Sources").isEmpty)
  }
}
