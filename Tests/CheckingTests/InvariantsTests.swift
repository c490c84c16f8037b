import Checking
import Model
import Scripts
import Testing

/// Queries of a user's own that must hold.
struct InvariantsTests {
  private static let script = """
    \\set x random(1, 9)
    BEGIN;
    INSERT INTO entry VALUES (:x);
    COMMIT;
    --@ ack spent += :x matches: SELECT sum(amount) FROM entry
    --@ check none zero rows: SELECT id FROM entry WHERE amount > 9
    """

  private func result(
    spent: QueryAnswer?, none: QueryAnswer = QueryAnswer(columns: ["id"], rows: [], count: 0),
    audit: QueryAnswer? = nil, ledger: LedgerEntry, script: String = Self.script, missing: [String] = []
  ) throws -> CheckResult {
    let source = ScriptSettings.Source(name: "spend.sql", text: script)
    let program = try ScriptProgram(ScriptSettings(transactions: [ScriptSettings.Transaction(source)]))
    var total = Tally()
    total[.committed] = 10
    let counts = LedgerEntry(
      acknowledged: 10, acknowledgedCount: 10, unknownHigh: ledger.unknownHigh == 0 ? 0 : 1)
    var evidence = Evidence(
      initial: [0, 0, 0], final: [0, 0, 0], ledger: [counts, ledger, LedgerEntry()], total: total)
    evidence.missing = missing
    for check in program.checks {
      evidence.remains.queries[check.name] = check.name == "none" ? none : spent
      if check.name == "none" { evidence.remains.audits[check.name] = audit }
    }
    return try #require(Invariants(program).check(evidence, of: try makeWorkload("counter")))
  }

  private static func number(_ text: String?) -> QueryAnswer {
    QueryAnswer(columns: ["sum"], rows: [[text]], count: 1)
  }

  @Test("a value between what was acknowledged and what may have happened besides passes", arguments: [50, 55, 59])
  func within(value: Int) throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10, unknownHigh: 9)
    #expect(try result(spent: Self.number("\(value)"), ledger: ledger).verdict == .pass)
  }

  @Test("a value outside is a violation of that size", arguments: [(49, 1), (60, 1), (0, 50)] as [(Int, Int64)])
  func outside(value: Int, count: Int64) throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10, unknownHigh: 9)
    let found = try result(spent: Self.number("\(value)"), ledger: ledger)
    #expect(found.findings == [Finding(.brokenInvariant, key: nil, count: count)])
  }

  @Test("amounts of a lost host bound no sum, its runs are no fewer than none, and rows that must not be there are")
  func lostHost() throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10)
    for value in ["-900", "50", "900"] {
      #expect(try result(spent: Self.number(value), ledger: ledger, missing: ["so2"]).violations.isEmpty)
    }
    let rows = QueryAnswer(columns: ["id"], rows: [["7"]], count: 1)
    let found = try result(spent: Self.number("900"), none: rows, ledger: ledger, missing: ["so2"])
    #expect(found.findings == [Finding(.brokenInvariant, key: nil, count: 1)])
    let counting = "INSERT INTO entry VALUES (1);\n--@ check all between count(spend) and 99: SELECT count(*) FROM t"
    for (value, count) in [("8", 1), ("11", 0)] {
      let found = try result(spent: Self.number(value), ledger: ledger, script: counting, missing: ["so2"])
      #expect(found.violations.count == count)
    }
  }

  @Test("an answer that is no number tells nothing")
  func noNumber() throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10)
    let answers = [
      Self.number(nil), Self.number("much"), QueryAnswer(columns: ["sum"], rows: [], count: 0),
      QueryAnswer(columns: ["a", "b"], rows: [["1", "2"]], count: 1), nil,
    ]
    for answer in answers {
      let found = try result(spent: answer, ledger: ledger)
      #expect(found.verdict == .unknown && found.remark?.isEmpty == false)
    }
  }

  @Test("every row of a query that must give none is a violation with the row as evidence; more are counted")
  func rows() throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10)
    let rows = QueryAnswer(columns: ["id", "why"], rows: [["7", nil], ["8", "x"]], count: 5)
    let found = try result(spent: Self.number("50"), none: rows, ledger: ledger)
    #expect(found.violations.map(\.count) == [1, 1, 3])
    #expect(found.violations[0].observed == "id = 7, why = null")
    #expect(found.violations[0].evidence.contains("at the end"))
  }

  @Test("a row that was there for a moment only is a violation, too")
  func audited() throws {
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10)
    let moment = QueryAnswer(columns: ["id"], rows: [["7"]], count: 1)
    let found = try result(spent: Self.number("50"), audit: moment, ledger: ledger)
    #expect(found.findings == [Finding(.brokenInvariant, key: nil, count: 1)])
    #expect(found.violations[0].evidence.contains("while transactions ran"))
  }

  @Test("amounts that only a lost answer would have told leave it open")
  func late() throws {
    let script = """
      INSERT INTO entry VALUES (1) RETURNING id \\gset
      --@ ack spent += :id matches: SELECT sum(id) FROM entry
      """
    let ledger = LedgerEntry(acknowledged: 50, acknowledgedCount: 10, unknownHigh: 1)
    #expect(try result(spent: Self.number("90"), ledger: ledger, script: script).verdict == .unknown)
  }

  @Test("where nothing must hold, nothing is known")
  func nothing() throws {
    let found = try result(spent: nil, ledger: LedgerEntry(), script: "SELECT 1;\n--@ ack n += 1")
    #expect(found.verdict == .unknown && found.remark?.contains("nothing must hold") == true)
  }
}
