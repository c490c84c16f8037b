import Foundation
import Testing

/// The adapters of `scripts/adapters` with the libraries that they are for, for some dozen operations each against real
/// servers: the short form of `scripts/course --libraries`. `scripts/setup --adapters` installs what they need.
@Suite(.serialized) struct AdapterTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let folder = root.appendingPathComponent("scripts/adapters").path

  private struct Library {
    let command: String
    let service: String?
    var isCaught = false

    var entry: String {
      let services = service.map { "services: [\($0)], " } ?? ""
      let role = service == nil ? "records" : "lock"
      let label = command.replacingOccurrences(of: " ", with: "")
      return "{external: '\(AdapterTests.folder)/\(command)', as: \(role), over: postgres, \(services)ttl: 4s, "
        + "label: \(label), expect: \(isCaught ? "violation" : "pass")}"
    }
  }

  private static let libraries = [
    Library(command: "redis-py", service: "redis"), Library(command: "python-redis-lock", service: "redis"),
    Library(command: "pottery", service: "redlock"), Library(command: "kazoo", service: "zookeeper"),
    Library(command: "curator", service: "zookeeper"), Library(command: "python-etcd3", service: "etcd"),
    Library(command: "etcd3-py", service: "etcd", isCaught: true),
    Library(command: "pymemcache add", service: "memcached", isCaught: true),
    Library(command: "pymemcache cas", service: "memcached"), Library(command: "psycopg", service: nil),
    Library(command: "django", service: nil), Library(command: "sqlalchemy", service: nil),
    Library(command: "sqlalchemy --bulk", service: nil, isCaught: true),
  ]

  @Test func librariesKeepAndLoseWhatTheyAreSaidTo() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("adapters-\(UUID().uuidString.prefix(8)).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try """
    workload: {kind: counter, keys: 1, hold: 1ms}
    load: {workers: 2, processes: 2, operations: 80, warmup: 0s, repetitions: 1, remeasure: 0}
    retry: {cap: 10ms}
    strategies:
    \(Self.libraries.map { "  - " + $0.entry }.joined(separator: "\n"))
    """.write(to: file, atomically: true, encoding: .utf8)
    let out = file.deletingPathExtension()
    defer { try? FileManager.default.removeItem(at: out) }
    let run = try Self.contend(["run", file.path, "--quiet", "--json", "--out", out.path])
    let summary = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let cells = try #require(summary?["cells"] as? [[String: Any]], "\(run.errors)")
    #expect(cells.count == Self.libraries.count)
    for cell in cells { #expect(cell["as_expected"] as? Bool == true, "\(cell)") }
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: ["my-lock.py", "MyLock.java"])
  func templatesSpeakTheProtocol(name: String) throws {
    let path = "\(Self.folder)/templates/\(name)"
    let check = try Self.contend(["adapter", "check"] + (name.hasSuffix(".java") ? ["java"] : []) + [path])
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }

  /// Runs the built program to its end.
  private static func contend(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: TestRun.contend)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // What it says on the side is short: it does not fill its pipe while the other one is read.
    let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }
}
