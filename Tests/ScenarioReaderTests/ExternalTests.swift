import Foundation
import Model
import ScenarioReader
import StrategyCatalog
import Testing
import Workloads

/// Programs of the user's in scenarios.
@Suite struct ExternalTests {
  private static let vocabulary = Vocabulary(
    workloads: WorkloadRegistry.descriptors, strategies: StrategyCatalog.descriptors,
    services: StrategyCatalog.services, composed: StrategyCatalog.descriptor(named:),
    applicability: { WorkloadRegistry.make($0)?.applicability ?? .any })
  private let reader = ScenarioReader(vocabulary: ExternalTests.vocabulary)

  /// A folder with a program, and another file.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reader-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, mode) in [("my-lock.py", 0o755), ("plain.txt", 0o644)] {
      let file = folder.appendingPathComponent(name).path
      _ = FileManager.default.createFile(atPath: file, contents: Data(), attributes: [.posixPermissions: mode])
    }
    try body(folder.path)
  }

  private func read(_ entry: String, in folder: String) throws -> Scenario {
    try reader.read(text: "workload: counter\nstrategies:\n  - \(entry)\n", path: "\(folder)/a.yaml")
  }

  @Test func aProgramIsFoundBesideTheFileAndToldWhatIsStated() throws {
    try withFolder { folder in
      let scenario = try read(
        "{external: \"./my-lock.py --mode 'a b'\", as: lock, over: postgres, services: [redis], ttl: 3s, wait: 1s, "
          + "programs: per-process, options: {retry: 3, rate: 0.5, strict: true, word: x y}, expect: violation}",
        in: folder)
      let selection = scenario.strategies[0]
      #expect(selection.id == "external.lock" && selection.label == "my-lock" && selection.over == "postgres")
      #expect(selection.expectation == .violation && selection.options.duration("ttl") == .seconds(3))
      let adapter = try #require(selection.adapter)
      #expect(adapter.command == ["./my-lock.py", "--mode", "a b"])
      #expect(adapter.program == "\(folder)/./my-lock.py")
      #expect(adapter.services == ["redis"])
      #expect(
        adapter.options == ["retry": .integer(3), "rate": .number(0.5), "strict": .flag(true), "word": .word("x y")])
      #expect(Set(scenario.services.locations.keys) == ["redis", "postgres"])
      #expect(
        try reader.read(text: reader.describe(scenario), path: "\(folder)/b.yaml").strategies == scenario.strategies)
    }
  }

  @Test func itGoesAroundAStrategyThatProtectsItself() throws {
    try withFolder { folder in
      let scenario = try read("{external: [./my-lock.py], as: lock, over: postgres.for-update}", in: folder)
      #expect(scenario.strategies[0].id == "external.lock over postgres.for-update")
      #expect(
        try reader.read(text: reader.describe(scenario), path: "\(folder)/b.yaml").strategies == scenario.strategies)
    }
  }

  @Test func whatIsReadAgainNeedNotBeThere() throws {
    var vocabulary = Self.vocabulary
    vocabulary.findsFiles = false
    let text = "workload: counter\nstrategies: [{external: ./gone, as: lock}]\n"
    #expect(
      try ScenarioReader(vocabulary: vocabulary).read(text: text, path: "results/x/scenario.yaml").strategies.count == 1
    )
  }

  @Test(arguments: [
    (
      "{external: ./gone, as: lock}",
      "a.yaml:3:16: strategies.0.external: there is no program './gone' below the folder of this file"
    ),
    ("{external: no-such-program-at-all, as: lock}", "there is no program 'no-such-program-at-all' in PATH"),
    ("{external: ./plain.txt, as: lock}", "is not executable; chmod +x it"),
    ("{external: /tmp, as: lock}", "is a folder"),
    ("{external: ./my-lock.py}", "the key 'as' is missing: state 'as: lock'"),
    ("{external: ./my-lock.py, as: lok}", "a.yaml:3:34: strategies.0.as: "),
    ("{external: \"./my-lock.py 'a\", as: lock}", "a quotation mark is not closed"),
    ("{external: [], as: lock}", "expected a program with its arguments"),
    ("{external: ./my-lock.py, as: lock, over: nowhere}", "strategies.0.over"),
    ("{external: ./my-lock.py, as: records, over: redis}", "works on its own store, postgres; remove 'over'"),
    ("{external: ./my-lock.py, as: lock, services: [redos]}", "there is no service 'redos' (did you mean 'redis'?)"),
    ("{external: ./my-lock.py, as: lock, options: 5}", "expected a mapping of names and values"),
    ("{external: ./my-lock.py, as: lock, timeout: 5s}", "unknown key 'timeout'"),
    ("external.lock", "external.lock is a program of yours; state 'external: PROGRAM, as: lock'"),
    ("{id: external.lock}", "external.lock is a program of yours"),
  ]) func whatIsWrongHasAPlaceAndARemedy(entry: String, sentence: String) throws {
    try withFolder { folder in
      let problems = #expect(throws: ScenarioProblems.self) { try read(entry, in: folder) }
      let text = "\(problems.map { "\($0)" } ?? "")"
      #expect(text.contains(sentence), "\(text)")
    }
  }
}
