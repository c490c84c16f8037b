import Charts
import Foundation
import Testing

/// The exact bytes of charts.
@Suite struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  private static func check(_ text: String, against name: String) throws {
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN_FILES"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == text,
      "look at the change, then refresh \(name): UPDATE_GOLDEN_FILES=1 swift test --filter ChartsTests")
  }

  @Test(arguments: Examples.all.map(\.name)) func chartsAreAsTheyWere(name: String) throws {
    let chart = try #require(Examples.all.first { $0.name == name }).chart
    try Self.check(chart.responsiveSVG(id: name), against: name + ".svg.html")
  }

  @Test func theStyleSheetIsAsItWas() throws { try Self.check(StyleSheet.css, against: "charts.css") }

  @Test func everyGoldenFileIsCompared() throws {
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path))
    #expect(files == Set(Examples.all.map { $0.name + ".svg.html" } + ["charts.css"]))
  }
}
