import Foundation
import Testing

@testable import Report

/// The page as a browser without a window shows it. Chromium is one of the packages of `scripts/setup --tests`.
@Suite(.serialized) struct BrowserTests {
  @Test func `a browser shows every section, and no chart is without extent`() throws {
    try withPage { page, folder in
      let document = try browse(["--dump-dom", page], in: folder)
      for title in ["The answer", "Violations", "Comparison", "Latency by percentile", "Timeline", "Measure it again"] {
        #expect(document.contains("<h2>\(title)</h2>"))
      }
      #expect(document.contains("postgres.for-update"))
      let figures = document.matches(of: /<figure/).count
      #expect(figures > 5)
      #expect(document.matches(of: /<\/svg>/).count > figures)
    }
  }

  @Test(arguments: [(1280, false), (1280, true), (390, false)])
  func `a browser paints the page`(width: Int, isDark: Bool) throws {
    try withPage { page, folder in
      let picture = folder.appendingPathComponent("page.png")
      let theme = isDark ? ["--blink-settings=preferredColorScheme=0"] : []
      _ = try browse(theme + ["--window-size=\(width),900", "--screenshot=\(picture.path)", page], in: folder)
      let bytes = [UInt8](try Data(contentsOf: picture))
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // A page of one colour packs into a few thousand bytes.
      #expect(bytes.count > 15_000)
    }
  }

  private func withPage(_ body: (String, URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try ReportFiles.write(Report([SampleRuns.small]), to: folder.path)
    try body("file://\(path)", folder)
  }

  /// Runs the browser to its end, two minutes at most, and returns what it prints.
  private func browse(_ arguments: [String], in folder: URL) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let program = folders.lazy.map { "\($0)/chromium" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try #require(program, "chromium is missing: run scripts/setup --tests"))
    // As root, and in most containers, Chromium cannot make its sandbox.
    process.arguments =
      ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
      + ["--user-data-dir=\(folder.appendingPathComponent("profile").path)"] + arguments
    let output = folder.appendingPathComponent("output")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(120)
    while process.isRunning, Date() < deadline { usleep(10_000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try String(contentsOf: output, encoding: .utf8)
  }
}
