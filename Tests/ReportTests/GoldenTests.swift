import Foundation
import Testing

@testable import Report

@Suite struct GoldenTests {
  /// The whole Markdown of a small run, byte for byte. After an intended change, replace the file with the one that the
  /// message names.
  @Test func `the Markdown of a small run`() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/small.md")
    let text = Report([SampleRuns.small]).markdown()
    let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard text != golden else { return }
    let fresh = FileManager.default.temporaryDirectory.appendingPathComponent("small-\(UUID().uuidString).md")
    try text.write(to: fresh, atomically: true, encoding: .utf8)
    let lines = zip(text.split(separator: "\n"), golden.split(separator: "\n"))
    let difference = lines.first { $0 != $1 }.map { "'\($0)' instead of '\($1)'" } ?? "one is longer"
    Issue.record("it differs: \(difference); the new text is in \(fresh.path)")
  }
}
