import Foundation
import Testing

/// Standard output and standard error in one file, as in many a log.
@Suite struct MergedOutputTests {
  @Test func aSentenceStartsOnALineOfItsOwn() throws {
    try withFolder { folder in
      // More rows than the buffer of standard output holds.
      let scenario = try folder.scenario(
        """
        workload: counter
        load:
          workers: [1, 2, 3, 4]
          duration: 5ms
          warmup: 0s
          drain: 100ms
          repetitions: 100
        strategies:
          [memory.mutex, memory.cas, memory.fetch-add, memory.none, memory.ticket, memory.spin, memory.rwlock,
           memory.semaphore, memory.actor, memory.mcs, memory.dispatch-queue]
        """)
      let log = folder.appendingPathComponent("log")
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: CommandLine.program)
      process.arguments = ["run", scenario]
      process.currentDirectoryURL = folder
      let handle = try FileHandle(forWritingTo: log)
      process.standardOutput = handle
      process.standardError = handle
      try process.run()
      func text() throws -> String { try String(contentsOf: log, encoding: .utf8) }
      let deadline = Date().addingTimeInterval(60)
      while try process.isRunning && !text().contains("[50/") && Date() < deadline { usleep(5_000) }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let lines = try text().components(separatedBy: "\n")
      #expect(lines.contains { $0.hasPrefix("contend: interrupted; ") }, "\(lines.suffix(40).joined(separator: "\n"))")
      #expect(lines.filter { $0.contains("interrupted") && !$0.hasPrefix("contend: ") }.count <= 1)
      #expect(lines.map(\.utf8.count).reduce(0, +) > 4096)
    }
  }
}
