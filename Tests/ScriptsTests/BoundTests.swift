import Model
import Scripts
import Testing

/// What invariants are compared with.
@Suite struct BoundTests {
  private static let script = """
    \\set amount random(1, 10)
    INSERT INTO entry(amount) VALUES (:amount);
    --@ define rooms = 20
    --@ ack spent += :amount
    --@ ack spent-twice += 2 * :amount
    """
  private static let ledger = [
    LedgerEntry(acknowledged: 100, acknowledgedCount: 10, unknownLow: -3, unknownHigh: 7),
    LedgerEntry(acknowledged: 200, acknowledgedCount: 10),
  ]
  private static let counts = [LedgerEntry(acknowledged: 10, acknowledgedCount: 10, unknownHigh: 2)]

  private static func interval(_ bound: String) throws -> ClosedRange<Double> {
    let program = try ScriptProgram(
      Fixture.settings(script, invariants: [.init(name: "total", query: "SELECT 1", expected: bound)]))
    guard case .between(let low, _)? = program.checks.last?.expectation else { return 0...0 }
    let ledger = ledger + [LedgerEntry(acknowledged: 55, acknowledgedCount: 10, unknownHigh: 5)]
    return low.interval(ledger: ledger, counts: counts)
  }

  @Test(
    arguments: [
      ("1 + 2 * 3", 7...7), ("(1 + 2) * 3", 9...9), ("acked.spent", 97...107), ("0 - acked.spent", -107...(-97)),
      ("-acked.spent", -107...(-97)), ("acked.spent-twice", 200...200),
      ("acked.spent - acked.spent-twice", -103...(-93)),
      ("acked.spent - 1", 96...106), ("count(book)", 10...12), (":count of committed book", 10...12),
      (":rooms * 2", 40...40), ("acked.spent * -2", -214...(-194)), ("acked.spent / 2", 48.5...53.5),
      ("1 / (acked.spent - 100)", -.infinity ... .infinity), (":sum(amount) of committed book", 55...60),
      (":sum(:amount) of committed book + 1.5", 56.5...61.5), ("2000000 - acked.spent", 1_999_893...1_999_903),
    ] as [(String, ClosedRange<Double>)])
  func intervals(bound: String, expected: ClosedRange<Double>) throws {
    #expect(try Self.interval(bound) == expected)
  }

  /// A user's pgbench file needs no annotation at all.
  @Test func sumsAcknowledgeByThemselves() throws {
    let program = try ScriptProgram(
      Fixture.settings(
        "\\set x random(1, 5)\nUPDATE t SET a = a + :x;",
        invariants: [.init(name: "total", query: "SELECT sum(a) FROM t;", expected: ":sum(x) of committed book")]))
    #expect(program.acknowledgements == ["sum(x) of book"])
    #expect(
      program.transactions[0].acknowledgements.count == 1
        && program.transactions[0].acknowledgements[0].amount.text == ":x")
    #expect(program.checks[0].query == "SELECT sum(a) FROM t" && !program.checks[0].isTimeless)
  }

  @Test func oneNameOfSeveralScriptsIsOneSum() throws {
    let program = try ScriptProgram(
      Fixture.settings("SELECT 1;\n--@ ack a += 1", "SELECT 1;\n--@ ack b += 1\n--@ ack a += 2"))
    #expect(program.acknowledgements == ["a", "b"])
    #expect(program.transactions.map { $0.acknowledgements.map(\.index) } == [[0], [1, 0]])
  }

  @Test(arguments: [
    ("acked.spend", "unknown acknowledgement 'spend' (did you mean 'spent'?); there are spent, spent-twice"),
    ("count(boo)", "unknown script 'boo' (did you mean 'book'?); there are book"),
    (":room", "nothing defines ':room' (did you mean 'rooms'?)"),
    ("1 +", "the bound ends too early"), ("(1", "')' is missing here"), ("1 2", "'2' is not understood"),
    ("unknown.spent", "what is unknown counts by itself"),
    (":sum() of committed book", "the name of a variable is missing"),
    (":sum(amount) of comitted book", "'committed' is missing here"), ("x", "'x' is not understood"),
    ("", "the bound ends too early"),
    (":sum(nothing) of committed book", "nothing defines ':nothing'"),
  ]) func mistakes(bound: String, message: String) {
    let problems = Fixture.problems(
      Fixture.settings(Self.script, invariants: [.init(name: "total", query: "SELECT 1", expected: bound)]))
    #expect(
      problems.count == 1 && problems[0].hasPrefix("invariant 'total':1:") && problems[0].contains(message),
      "\(problems)")
  }

  @Test func anInvariantIsAQuery() {
    func problems(_ query: String) -> [String] {
      Fixture.problems(Fixture.settings("SELECT 1;", invariants: [.init(name: "n", query: query)]))
    }
    #expect(problems(" -- nothing\n") == ["invariant 'n':1:1: a query is missing"])
    #expect(problems("SELECT 1; SELECT 2") == ["invariant 'n':1:11: a check is one query"])
    #expect(problems("SELECT 1;") == [])
  }
}
