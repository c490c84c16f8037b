import Foundation
import Model
import ScenarioReader
import Testing

/// What is stored of a scenario file: everything but the credentials, in whatever way they are written.
@Suite struct StoredTextTests {
  /// A password with characters that every quoting writes in its own way.
  static let password = "it's\"5%c\\ret"
  static let url = "postgresql://ann:\(password)@db:5432/x"
  static let shown = "postgresql://***@db:5432/x"

  /// Ways to write a URL as the value of `postgres`, indented by four in a mapping.
  static let spellings: [(name: String, text: String)] = [
    ("plain", url),
    ("plain after a line break", "\n      \(url)"),
    ("single quotes", "'\(url.replacing("'", with: "''"))'"),
    ("double quotes", "\"\(escaped)\""),
    ("hexadecimal escapes", "\"\(url.utf8.map { "\\x\(hex($0, 2))" }.joined())\""),
    ("escapes of Unicode", "\"\(url.utf8.map { "\\u\(hex($0, 4))" }.joined())\""),
    ("long escapes of Unicode", "\"\(url.utf8.map { "\\U\(hex($0, 8))" }.joined())\""),
    ("an escaped scheme only", "\"\(escaped.replacing("://", with: ":\\x2f\\/"))\""),
    ("continued lines", "\"\(escaped.prefix(24))\\\n      \(escaped.dropFirst(24))\""),
    ("a literal block", "|-\n      \(url)"),
    ("a literal block with a comment", "|- # 's3\n      \(url)\n"),
    ("a literal block, indented more", "|2-\n      \(url)"),
    ("a folded block", ">-\n      \(url)"),
    ("an anchor", "&anchor \(url)"),
    ("an anchor on a line of its own", "&anchor # first\n      # second\n      '\(url.replacing("'", with: "''"))'"),
    ("a tag", "!!str \(url)"),
    ("a comment behind", "\(url) # not \(url)"),
  ]

  private static func hex(_ value: UInt8, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  private static var escaped: String { url.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }

  static let rest = "workload: counter # ünicöde 😀\nload: {workers: 4} # c\nstrategies: [postgres.for-update]\n"

  @Test(arguments: spellings.indices) func `no spelling hides a password, and the scenario stays the same`(
    index: Int
  ) throws {
    let (name, spelling) = Self.spellings[index]
    let texts = [
      "# top\nservices:\n    postgres: \(spelling)\n    redis: managed # c\n" + Self.rest,
      Self.rest + "# \(Self.url)\nservices:\n    redis: &r managed\n    postgres: \(spelling)",
    ]
    for text in texts {
      try check(text, name)
      try check(text.replacing("\n", with: "\r\n"), "\(name), CRLF")
    }
  }

  @Test(arguments: [
    "services: {postgres: 'URL', redis: managed}\n", "services: {\"postgres\": 'URL'}\n",
    "services: {'redis': managed,postgres: 'URL'} # URL\n", "services:\n  ? postgres\n  : 'URL'\n",
  ]) func `flow mappings and explicit keys`(services: String) throws {
    try check(services.replacing("URL", with: Self.url.replacing("'", with: "''")) + Self.rest, services)
  }

  private func check(_ text: String, _ name: String) throws {
    let before = try scenario(text)
    #expect(before.services["postgres"] == ServiceLocation.url(Self.url), "\(name)")
    let stored = ScenarioReader.textWithoutCredentials(text)
    for secret in ["ann", "it'", "5%c", "x61"] { #expect(!stored.contains(secret), "\(name): \(stored)") }
    var expected = before
    expected.services.locations["postgres"] = .url(Self.shown)
    #expect(try scenario(stored) == expected, "\(name): \(stored)")
    #expect(stored.contains("ünicöde 😀"))
    #expect(ScenarioReader.textWithoutCredentials(stored) == stored, "\(name)")
  }

  @Test func `a text without credentials stays as it is, byte for byte`() throws {
    let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scenarios")
    let names = try FileManager.default.subpathsOfDirectory(atPath: scenarios.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.count > 50)
    for name in names {
      let text = try String(contentsOf: scenarios.appending(path: name), encoding: .utf8)
      #expect(ScenarioReader.textWithoutCredentials(text) == text)
    }
  }

  @Test(arguments: [
    // What is not read, because the command line replaces it, is stored all the same.
    "services: {postgres: host=db user=ann passfile=s3cret}\n", "services: {postgres: \"ann:s3cret@db\"}\n",
    "services: [redis://:s3cret@h]\n", "services: redis://:s3cret@h\n", "name: redis://:s3cret@h\n",
    "services: {redis://ann:s3cret@h: managed}\n", "name: &a 'redis://:it''s3cret@h'\nservices: {redis: *a}\n",
    "sweep: {services.redis: ['redis://:it''s3cret@h', \"redis:\\x2f/:s3\\x63ret@h\"]}\n",
    "name: |\n  several\n  redis://:s3cret@h\n  lines\n", "name: several\n  redis://:s3cret@h\n  lines\n",
    // Nor is what is no YAML.
    "services: {redis: redis://:s3cret@h\n", "\"redis://:s3cret@h", "\t- redis://:s3cret@h", "# redis://:s3cret@h",
    "services: &a {redis: *a, postgres: \"redis://:s3cret@h\"}",
  ]) func `what is no part of the scenario that runs`(text: String) {
    let stored = ScenarioReader.textWithoutCredentials(text)
    #expect(!stored.contains("s3c") && !stored.contains("cret"), "\(stored)")
  }
}
