import Foundation
import Testing

@testable import Report

@Suite struct GoldenTests {
  /// The whole Markdown of a small run, and the answer of a sweep, byte for byte. After an intended change, replace the
  /// file with the one that the message names.
  @Test func `the Markdown of a small run`() throws {
    try Self.check(Report([SampleRuns.small]).markdown(), against: "small.md")
  }

  @Test func `the answer of a sweep is a map, three sentences and what else there is to know`() throws {
    let text = Report([SampleRuns.sweep]).markdown()
    let start = try #require(text.firstRange(of: "## The answer"))
    let end = try #require(text.firstRange(of: "## Violations"))
    try Self.check(String(text[start.lowerBound..<end.lowerBound]), against: "sweep-answer.md")
  }

  private static func check(_ text: String, against name: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
    let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard text != golden else { return }
    let fresh = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)")
    try text.write(to: fresh, atomically: true, encoding: .utf8)
    let lines = zip(text.split(separator: "\n"), golden.split(separator: "\n"))
    let difference = lines.first { $0 != $1 }.map { "'\($0)' instead of '\($1)'" } ?? "one is longer"
    Issue.record("\(name) differs: \(difference); the new text is in \(fresh.path)")
  }
}
