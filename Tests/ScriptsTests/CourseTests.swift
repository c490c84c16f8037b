import Foundation
import Model
import Scripts
import Testing

/// The scripts that come with contend.
@Suite struct CourseTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("scenarios/scripts")

  private static let files =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".sql") }.sorted() ?? []

  @Test func thereAreTen() {
    #expect(Set(Self.files.compactMap { $0.split(separator: "-").first }).isSuperset(of: (1...10).map { "\($0)" }))
  }

  /// Only columns that statements give by name are left to the server, and every script is judged.
  @Test(arguments: files) func everyVariantCompiles(file: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
    let store = text.contains("--@ backend mariadb") ? "mariadb" : "postgres"
    var settings = ScriptSettings(
      transactions: [.init(ScriptSettings.Source(name: file, text: text))], store: store)
    for variant in [nil] + (try ScriptProgram.variants(of: settings)) {
      settings.variant = variant
      let program = try ScriptProgram(settings)
      #expect(!program.checks.isEmpty && !program.setup.isEmpty && !program.acknowledgements.isEmpty)
      #expect(program.transactions[0].acknowledgements.allSatisfy { !$0.isLate })
    }
  }
}
