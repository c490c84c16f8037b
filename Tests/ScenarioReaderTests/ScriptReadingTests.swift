import Glibc
import Model
import Runs
import ScenarioReader
import Testing

/// Scenarios that name a user's own scripts.
struct ScriptReadingTests {
  private let reader = ScenarioReader(vocabulary: .program)

  /// A folder with files, which is gone afterwards.
  private func inFolder(_ files: [String: String], _ body: (_ folder: String) throws -> Void) throws {
    var template = Array("/tmp/contend-scripts-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      for name in files.keys { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    for (name, text) in files {
      let file = try #require(fopen("\(folder)/\(name)", "w"))
      fputs(text, file)
      fclose(file)
    }
    try body(folder)
  }

  private static let scenario = """
    workload:
      kind: script
      setup: CREATE TABLE room (id int);
      transactions: [book.sql@9, {file: cancel.sql, weight: 1}]
      invariants:
        - {name: no-debt, query: "SELECT id FROM room WHERE id < 0"}
        - {name: as-many, query: "SELECT count(*) FROM room", equals: ":count of committed book"}
      define: {rooms: 20}
      interval: 200ms
    strategies: [postgres.script, postgres.script.strict]
    """
  private static let files = [
    "book.sql":
      "\\set id random(1, :rooms)\nINSERT INTO room VALUES (:id);\n--@ instead strict: INSERT INTO room VALUES (1);\n",
    "cancel.sql": "DELETE FROM room WHERE id = 0;\n--@ on rows = 0: refused\n",
  ]

  @Test("scripts are read from files beside the scenario, and a shown scenario holds their texts")
  func files() throws {
    try inFolder(Self.files) { folder in
      let read = try reader.read(text: Self.scenario, path: "\(folder)/a.yaml")
      let script = try #require(read.variants[0].workload.script)
      #expect(script.transactions.map(\.weight) == [9, 1])
      #expect(script.transactions[0].source.text == Self.files["book.sql"])
      #expect(script.definitions == ["rooms": "20"] && script.interval == .milliseconds(200))
      #expect(read.strategies.map(\.label) == ["postgres.script", "postgres.script.strict"])
      #expect(read.strategies[1].options.values["variant"] == .word("strict"))
      #expect(try reader.read(text: reader.describe(read), path: "elsewhere.yaml") == read)
    }
  }

  @Test("every problem of a script has the place in its own file, and all are told at once")
  func problems() throws {
    let files = ["book.sql": "SELECT :nobody;\n", "cancel.sql": "\\fi\nBEGIN;\nCREATE TABLE x (i int);\nCOMMIT;\n"]
    try inFolder(files) { folder in
      let problems = #expect(throws: ScenarioProblems.self) {
        try reader.read(
          text: Self.scenario.replacing(", postgres.script.strict", with: ""), path: "\(folder)/a.yaml")
      }
      let told = problems?.problems.map(\.description) ?? []
      #expect(told.contains { $0.hasPrefix("\(folder)/book.sql:1:8: ") })
      #expect(told.contains { $0.hasPrefix("\(folder)/cancel.sql:1:1: ") })
      #expect(told.contains { $0.hasPrefix("\(folder)/cancel.sql:3:1: ") })
    }
  }

  @Test(
    "what a scenario states of scripts is checked where it stands",
    arguments: [
      ("transactions: missing.sql", "workload.transactions: the file 'missing.sql' cannot be read"),
      ("transactions: [\"book.sql@x\"]", "the weight behind @ is no whole number"),
      ("transactions: []", "the list is empty"), ("setup: SELECT 1;", "has no scripts to run"),
      ("{kind: script, transactions: SELECT 1;, hold: 1ms}", "workload.hold has no meaning"),
      ("transactions: [{text: SELECT 1;}]", "state either 'file', or 'text' with a 'name'"),
      ("{kind: script, keys: 4}", "unknown key 'keys'"),
    ])
  func stated(settings: String, message: String) {
    let workload = settings.hasPrefix("{") ? settings : "{kind: script, \(settings)}"
    let problems = #expect(throws: ScenarioProblems.self) {
      try reader.read(text: "workload: \(workload)\nstrategies: [postgres.script]\n", path: "a.yaml")
    }
    #expect(problems?.description.contains(message) == true, "\(problems?.description ?? "")")
  }

  @Test("a scenario that is kept beside its results is read without its files")
  func stored() throws {
    let read = try ScenarioReader(vocabulary: .ofResults).read(text: Self.scenario, path: "results/a.yaml")
    #expect(read.strategies.count == 2)
  }
}
