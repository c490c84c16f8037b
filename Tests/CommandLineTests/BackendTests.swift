import Foundation
import Model
import Testing

/// The table of backends and those who cannot read it: the package, the scripts, the file system.
@Suite struct BackendTests {
  private func script(_ name: String, _ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = CommandLine.root.appendingPathComponent("scripts/\(name)")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test func theScriptsReadTheWholeTable() throws {
    let lines = Backend.further.map { "\($0.name) \($0.trait) \($0.packages.joined(separator: " "))\n" }
    #expect(try script("backends").output == lines.joined())
    #expect(try script("setup", "Nonsense").status == 64)
  }

  @Test func everyBackendIsATraitAndNoneIsBuiltByDefault() throws {
    let package = try String(contentsOf: CommandLine.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let traits = package.matches(of: #/\.trait\(name: "([A-Za-z]+)"/#).map { String($0.output.1) }
    #expect(Set(traits) == Set(Backend.further.map(\.trait)))
    #expect(!package.contains(".default("))
  }

  /// Else a plain build would need the library: it compiles every target of the package.
  @Test(arguments: Backend.further) func theSourcesAreLeftOutWithoutTheTrait(backend: Backend) throws {
    let folder = CommandLine.root.appendingPathComponent("Sources/Strategies/\(backend.trait)")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let sources = names.filter { $0.hasSuffix(".swift") }
    #expect(!sources.isEmpty)
    for name in sources {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      #expect(text.hasPrefix("#if \(backend.trait)\n") && text.hasSuffix("\n#endif\n"), "\(name)")
    }
  }

  @Test func listDoctorAndExplainTellWhatIsBuiltIn() throws {
    try withFolder { folder in
      let list = try CommandLine.run("list", in: folder).output
      let doctor = try CommandLine.run("doctor", in: folder).output
      for backend in Backend.further {
        // RabbitMQ has no strategies of its own: it carries the messages of sagas.
        let isBuiltIn = list.contains("\n\(backend.name)\n") || list.contains(".saga-\(backend.name) ")
        #expect(list.contains("swift build --traits \(backend.trait)") != isBuiltIn)
        #expect(doctor.contains("  \(backend.name): \(isBuiltIn ? "built in" : "not built in")"))
        let explained = try CommandLine.run("explain", "\(backend.name).nonsense", in: folder)
        #expect(explained.status == 64)
        #expect(explained.errors.contains("is in the trait \(backend.trait)") != isBuiltIn)
      }
    }
  }
}
