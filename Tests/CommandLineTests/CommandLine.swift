import Foundation
import Testing

/// The built program, run as a user would run it.
struct CommandLine {
  let status: Int32
  let output: String
  let errors: String

  /// The program lies beside the test bundle.
  static let program: String = {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let folder = (bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())
      .deletingLastPathComponent()
    return folder.appendingPathComponent("contend").path
  }()

  /// Root of the project.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Starts the program, or another; its output goes to files in `folder`.
  static func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], program: String = program
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    for (name, keyPath) in [("output", \Process.standardOutput), ("errors", \Process.standardError)] {
      let file = folder.appendingPathComponent(".\(name)")
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      process[keyPath: keyPath] = try FileHandle(forWritingTo: file)
    }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Waits for a started program, ten minutes at most.
  init(finishing process: Process, in folder: URL) throws {
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning, Date() < deadline { usleep(5_000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      Issue.record("\(process.arguments ?? []) did not end within ten minutes")
    }
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: folder.appendingPathComponent(".output"), encoding: .utf8)
    errors = try String(contentsOf: folder.appendingPathComponent(".errors"), encoding: .utf8)
  }

  /// Runs the program to its end.
  static func run(_ arguments: String..., in folder: URL, environment: [String: String] = [:]) throws -> CommandLine {
    try CommandLine(finishing: start(arguments, in: folder, environment: environment), in: folder)
  }
}

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

extension URL {
  /// Writes a scenario file and returns its name.
  func scenario(_ text: String, name: String = "test.yaml") throws -> String {
    try text.write(to: appendingPathComponent(name), atomically: true, encoding: .utf8)
    return name
  }

  /// Names in this folder below `path`, sorted.
  func content(_ path: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: appendingPathComponent(path).path)) ?? []).sorted()
  }

  /// A field of the first row of a table without quotes.
  func field(_ column: String, of path: String) throws -> String {
    let rows = try lines(path).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let index = try #require(rows[0].firstIndex { $0 == column }, "no column \(column)")
    return String(rows[1][index])
  }

  /// The same as a number.
  func number(_ column: String, of path: String) throws -> Double {
    let text = try field(column, of: path)
    return try #require(Double(text), "\(column): '\(text)'")
  }

  /// Lines of a file.
  func lines(_ path: String) throws -> [String] {
    try String(contentsOf: appendingPathComponent(path), encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
