import Model
import Scripts
import Testing

/// The commands that begin with a backslash.
@Suite struct CommandTests {
  @Test(arguments: [
    ("\\if 1 = 1\n\\set x 1\n\\else\n\\set x 2\n\\endif\n", "1"),
    ("\\if 0\n\\set x 1\n\\else\n\\set x 2\n\\endif\n", "2"),
    ("\\if FALSE\n\\set x 1\n\\elif 2\n\\set x 3\n\\elif TRUE\n\\set x 4\n\\endif\n", "3"),
    ("\\set x 9\n\\if NULL\n\\set x 1\n\\endif\n", "9"),
    ("\\if TRUE\n\\if FALSE\n\\set x 1\n\\else\n\\set x 5\n\\endif\n\\else\n\\set x 6\n\\endif\n", "5"),
    ("\\SET x 1 + \\\n  2 \\\n  + 3\n", "6"), ("\\set x 1 + \\\r\n 1\r\n", "2"), ("\\setrandom x 4 4\n", "4"),
    ("\\set n 3\n\\setrandom x :n :n gaussian 2.5\n", "3"), ("\\setrandom x 1 1 exponential 5\n", "1"),
  ]) func conditionsAndAssignments(text: String, expected: String) throws {
    #expect(try Fixture.run(text + "SELECT :x;")["x"] == expected)
  }

  @Test(
    arguments: [
      ("\\sleep 5", 5_000_000_000), ("\\sleep 5 ms", 5_000_000), ("\\sleep 7us", 7000), ("\\sleep 2 S", 2_000_000_000),
      ("\\set n 3\n\\sleep :n ms", 3_000_000),
    ] as [(String, Int64)]) func sleeps(text: String, expected: Int64) throws
  {
    let program = try ScriptProgram(Fixture.settings(text + "\nSELECT 1;"))
    var variables = ScriptVariables(program, worker: 0, seed: 1)
    for command in program.transactions[0].commands {
      switch command {
      case .set(let slot, let expression): variables.set(slot, try variables.evaluate(expression))
      case .sleep(let expression, let unit):
        guard case .integer(let count) = try variables.evaluate(expression) else { break }
        #expect(count * unit == expected)
        return
      default: break
      }
    }
    Issue.record("nothing sleeps")
  }

  @Test func pipelines() throws {
    let text = "\\startpipeline\nSELECT 1;\n\\syncpipeline\nSELECT 2;\n\\endpipeline"
    let commands = try ScriptProgram(Fixture.settings(text)).transactions[0].commands
    let names = commands.map { "\($0)".prefix { $0 != "(" } }
    #expect(names == ["startPipeline", "statement", "synchronisePipeline", "statement", "endPipeline"])
    #expect(Fixture.problems(Fixture.settings(text, mode: .simple)).first?.contains("a pipeline needs") == true)
    #expect(Fixture.problems(Fixture.settings(text, store: "mariadb")).first?.contains("only PostgreSQL") == true)
  }

  @Test(arguments: [
    ("\\elif 1\nSELECT 1;", "1:1: \\elif without \\if"), ("\\else\nSELECT 1;", "1:1: \\else without \\if"),
    ("\\endif\nSELECT 1;", "1:1: \\endif without \\if"), ("\\if 1\nSELECT 1;", "1:1: \\if without \\endif"),
    ("\\if 1\n\\else\n\\elif 2\n\\endif\nSELECT 1;", "3:1: \\elif after \\else"),
    ("\\if 1\n\\else\n\\else\n\\endif\nSELECT 1;", "3:1: \\else after \\else"),
    ("\\if\n\\endif\nSELECT 1;", "1:1: an expression is missing"),
    ("SELECT 1;\n\\shell ls", "2:1: \\shell runs a program"),
    ("SELECT 1;\n\\setshell x ls", "2:1: \\setshell runs a program"),
    ("\\sett x 1\nSELECT 1;", "1:1: unknown command \\sett (did you mean 'set'?)"),
    ("\\set\nSELECT 1;", "1:1: \\set needs the name"),
    ("\\set 1x 2\nSELECT 1;", "1:1: \\set needs the name"), ("\\set x\nSELECT 1;", "1:1: an expression is missing"),
    ("\\gset\nSELECT 1;", "1:1: \\gset must follow a statement"),
    ("SELECT 1 AS a \\gset\n\\gset\n", "2:1: \\gset must follow"),
    ("SELECT 1 AS a \\gset b c\n", "1:23: \\gset takes one prefix"), ("\\sleep\nSELECT 1;", "1:1: \\sleep needs"),
    ("\\sleep 1 min\nSELECT 1;", "1:9: unknown unit 'min'"), ("\\endpipeline\nSELECT 1;", "1:1: \\endpipeline without"),
    ("\\startpipeline\nSELECT 1;", "1:1: \\startpipeline without \\endpipeline"),
    ("\\startpipeline\nSELECT 1 AS a \\gset\n\\endpipeline", "2:1: \\gset and \\aset get nothing"),
    ("\\startpipeline\nSELECT 1;\n\\startpipeline\n\\endpipeline", "3:1: a pipeline is open already"),
    (
      "\\startpipeline\nSELECT 1;\n\\if 1\n\\endpipeline\n\\endif",
      "5:1: a pipeline must begin and end in the same branch"
    ),
    ("\\setrandom x 1\nSELECT 1;", "1:1: \\setrandom is written"),
    ("\\else x\nSELECT 1;", "1:7: \\else takes no arguments"),
  ]) func mistakes(text: String, message: String) {
    let problems = Fixture.problems(text)
    #expect(problems.contains { $0.hasPrefix("sql/book.sql:\(message)") }, "\(problems)")
  }

  /// Only what is certain is refused: a branch may end the transaction.
  @Test func openTransactionsInBranches() {
    #expect(Fixture.problems("BEGIN;\n\\if 1\nCOMMIT;\n\\else\nROLLBACK;\n\\endif") == [])
    #expect(Fixture.problems("\\if 1\nBEGIN;\n\\endif\nSELECT 1;\n\\if 1\nCOMMIT;\n\\endif") == [])
    #expect(Fixture.problems("BEGIN;\n\\if 1\nSELECT 1;\n\\endif").first?.contains("still open") == true)
    #expect(
      Fixture.problems(Fixture.settings("BEGIN;\nBEGIN;\nCOMMIT;", store: "mariadb")).first?.hasPrefix(
        "sql/book.sql:2:1: a transaction is open") == true)
  }

  @Test func allProblemsOfAllTextsComeAtOnce() {
    let problems = Fixture.problems(Fixture.settings("\\if\nSELECT :a;\n", "SELECT :b;"))
    #expect(
      problems.map { $0.prefix(18) } == [
        "sql/book.sql:1:1: ", "sql/book.sql:1:1: ", "sql/book.sql:2:8: ", "sql/other1.sql:1:8",
      ])
  }
}
