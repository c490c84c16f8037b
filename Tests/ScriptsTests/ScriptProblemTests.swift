import Scripts
import Testing

@Suite("Script problems") struct ScriptProblemTests {
  @Test("a problem says file, line and column first") func description() {
    let problem = ScriptProblem(source: "book.sql", line: 3, column: 7, "what and why")
    #expect(problem.description == "book.sql:3:7: what and why")
  }
}
