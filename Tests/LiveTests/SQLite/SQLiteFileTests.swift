#if SQLite
import Engine
import Foundation
import Model
import Runtime
import Testing

@testable import SQLiteStrategies

/// Database files that somebody else has, uses or has spoilt.
@Suite struct SQLiteFileTests {
  /// A folder that is gone after the test, and a database file in it.
  private func withFile<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appendingPathComponent("shop.db"))
  }

  private func open(_ file: URL) throws -> Database {
    try Database(url: file.absoluteString, creates: true, patience: 100)
  }

  private func scenario(
    _ strategy: String, _ file: URL, options: [String: OptionValue] = [:], adjust: (inout Variant) -> Void = { _ in }
  ) throws -> Scenario {
    var scenario = try TestRun.scenario("counter", strategies: [strategy], workers: 2, adjust: adjust)
    scenario.services.locations["sqlite"] = .url(file.absoluteString)
    let stated = options.merging(["synchronous": .word("off")]) { stated, _ in stated }
    scenario.strategies[0].options = Options(SQLiteSettings.options, stated: stated)
    return scenario
  }

  // MARK: what is left

  @Test func aFileThatWasNotThereIsGoneAfterwards() throws {
    try withFile { file in
      let result = try #require(try TestRun.run(scenario("sqlite.immediate", file)).first)
      #expect(result.failure == nil && result.total[.committed] > 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path).isEmpty)
    }
  }

  @Test(arguments: ["wal", "delete"]) func somebodysDatabaseStaysAsItWas(journal: String) throws {
    try withFile { file in
      do {
        let before = try open(file)
        try before.run("PRAGMA journal_mode = \(journal)")
        try before.run("CREATE TABLE goods (name)")
        try before.run("INSERT INTO goods VALUES ('lamp')")
      }
      for used in ["wal", "delete"] {
        let planned = try scenario("sqlite.immediate", file, options: ["journal": .word(used)])
        let result = try #require(try TestRun.run(planned).first)
        #expect(result.failure == nil && result.verdict == .pass)
        let after = try open(file)
        #expect(try after.run("PRAGMA journal_mode") == journal)
        #expect(try after.run("SELECT name FROM goods") == "lamp")
        #expect(try after.run("SELECT count(*) FROM sqlite_master") == "1")
      }
    }
  }

  // MARK: others at the same file

  @Test(arguments: ["sqlite.immediate", "sqlite.optimistic", "sqlite.atomic"])
  func aWriterElsewhereIsALockTimeout(strategy: String) throws {
    try withFile { file in
      let other = try open(file)
      // Else the mode could not be given back as long as this connection is open.
      try other.run("PRAGMA journal_mode = wal")
      var isHeld = false
      let planned = try scenario(strategy, file, options: ["busy-timeout": .duration(.milliseconds(10))]) {
        $0.load.duration = .milliseconds(1500)
      }
      let results = try TestRun.run(planned) { view in
        if !isHeld { isHeld = (try? other.run("BEGIN IMMEDIATE")) != nil || !other.isIdle }
        if view.elapsed > 0.5, !other.isIdle { _ = try? other.run("ROLLBACK") }
      }
      let result = try #require(results.first)
      #expect(isHeld)
      #expect(result.failure == nil && result.verdict == .pass)
      #expect(result.total[.lockTimeout] > 0)
      #expect(result.total[.error] == 0 && result.total[.ambiguous] == 0)
    }
  }

  @Test func aReaderElsewhereKeepsARollbackJournalFromCommitting() throws {
    try withFile { file in
      let other = try open(file)
      var isReading = false
      let options: [String: OptionValue] = [
        "journal": .word("delete"), "busy-timeout": .duration(.milliseconds(10)),
      ]
      let planned = try scenario("sqlite.atomic", file, options: options) { $0.load.duration = .milliseconds(1500) }
      let results = try TestRun.run(planned) { view in
        if !isReading, (try? other.run("BEGIN")) != nil || !other.isIdle {
          isReading = (try? other.run("SELECT count(*) FROM sqlite_master")) != nil
        }
        if view.elapsed > 0.5, !other.isIdle { _ = try? other.run("ROLLBACK") }
      }
      let result = try #require(results.first)
      #expect(isReading)
      #expect(result.failure == nil && result.verdict == .pass)
      #expect(result.total[.lockTimeout] > 0)
      #expect(result.total[.error] == 0 && result.total[.ambiguous] == 0)
    }
  }

  // MARK: one clear sentence

  /// Runs the program on a file; its exit status and what it says.
  private func complaint(_ url: String) throws -> (status: Int32, text: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      workload: counter
      load: {workers: 2, operations: 10, repetitions: 1, remeasure: 0}
      strategies: [sqlite.immediate]
      services: {sqlite: "\(url)"}
      """
    try text.write(to: folder.appendingPathComponent("a.yaml"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TestRun.contend)
    process.arguments = ["run", "a.yaml", "--quiet"]
    process.currentDirectoryURL = folder
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, said)
  }

  @Test func aFileLockedByAnotherProcess() throws {
    try withFile { file in
      let other = try open(file)
      try other.run("BEGIN IMMEDIATE")
      let (status, text) = try complaint(file.absoluteString)
      #expect(status == 69)
      #expect(
        text == "contend: SQLite cannot prepare its table in \(file.path): another program has locked it; end its "
          + "transaction, or close it\n")
    }
  }

  @Test func aFileThatMayOnlyBeRead() throws {
    try withFile { file in
      try open(file).run("CREATE TABLE goods (name)")
      let (status, text) = try complaint(file.absoluteString + "?mode=ro")
      #expect(status == 69)
      #expect(text == "contend: SQLite may only read \(file.path); make it writable\n")
    }
  }

  @Test func aFileThatIsNoDatabase() throws {
    try withFile { file in
      try Data(repeating: 0x41, count: 8192).write(to: file)
      let (status, text) = try complaint(file.absoluteString)
      #expect(status == 69)
      #expect(
        text
          == "contend: SQLite cannot read its settings in \(file.path): file is not a database; name another file in "
          + "services.sqlite\n")
      #expect(try Data(contentsOf: file).count == 8192)
    }
  }

  @Test func aFolderThatIsNotThere() throws {
    try withFile { file in
      let (status, text) = try complaint("file://" + file.path + "/nowhere/a.db")
      #expect(status == 69)
      #expect(
        text
          == "contend: SQLite cannot open or create the database of services.sqlite: unable to open database file; is "
          + "its folder there, and may we write to it?\n")
    }
  }
}
#endif
