import Model
import Scripts
import Testing

/// What is said in `--@` lines.
@Suite struct AnnotationTests {
  private static let booking = """
    --@ setup: CREATE TABLE t(a int);
    --@| INSERT INTO t SELECT g FROM generate_series(1, :rooms) g;
    --@ setup only strict: ALTER TABLE t ADD UNIQUE (a);
    --@ setup on mariadb: SET x = ':rooms';
    --@ teardown: SELECT 'bye';
    --@ define rooms = 20
    \\set a random(1, :rooms)
    BEGIN;
    --@ instead strict: BEGIN ISOLATION LEVEL SERIALIZABLE;
    --@ instead on mariadb: START TRANSACTION;
    SELECT count(*) AS taken FROM t WHERE a = :a \\gset
    --@ hold
    UPDATE t SET a = :a;
    --@ on rows = 0: conflict
    --@ on 23P01: refused
    --@ on 23* only strict: retry
    --@ on rows > 1: fail
    COMMIT;
    --@ refused when :taken > 0
    --@ ack booked += 1 matches: SELECT count(*) FROM t;
    --@ ack taken += :taken
    --@ check few between 0 and 2 * :rooms + acked.booked: SELECT count(*) FROM t
    --@ check none zero rows: SELECT a FROM t WHERE a > :rooms
    """

  private static func program(variant: String? = nil, store: String = "postgres", rooms: String? = nil) throws
    -> ScriptProgram
  {
    try ScriptProgram(
      Fixture.settings(booking, variant: variant, store: store, definitions: rooms.map { ["rooms": $0] } ?? [:]))
  }

  @Test func plain() throws {
    let program = try Self.program()
    let script = program.transactions[0]
    #expect(script.name == "book" && script.holds && script.refusals.count == 1)
    #expect(
      Fixture.sent(program) == [
        "BEGIN", "SELECT count(*) AS taken FROM t WHERE a = $1", "UPDATE t SET a = $1", "COMMIT",
      ])
    #expect(
      script.statements[2].rules == [
        ScriptRule(.rows(0...0), .conflict), ScriptRule(.error("23P01"), .refused),
        ScriptRule(.rows(2...Int.max), .fail),
      ])
    #expect(program.acknowledgements == ["booked", "taken"])
    #expect(script.acknowledgements.map(\.index) == [0, 1] && script.acknowledgements.allSatisfy { !$0.isLate })
    #expect(program.checks.map(\.name) == ["booked", "few", "none"])
    #expect(
      program.checks.map(\.query) == [
        "SELECT count(*) FROM t", "SELECT count(*) FROM t", "SELECT a FROM t WHERE a > 20",
      ])
    #expect(program.checks.map(\.isTimeless) == [false, false, true])
    #expect(program.checks[2].place == ScriptPlace(source: "sql/book.sql", line: 23, column: 27))
  }

  /// Lines and columns of a setup text are those of the file.
  @Test func setupKeepsItsPlace() throws {
    let program = try Self.program(rooms: "5")
    #expect(program.setup.count == 1 && program.setup[0].name == "sql/book.sql")
    #expect(
      program.setup[0].text
        == "           CREATE TABLE t(a int);\n INSERT INTO t SELECT g FROM generate_series(1, 5) g;")
    #expect(program.teardown.map(\.text) == ["\n\n\n\n" + String(repeating: " ", count: 14) + "SELECT 'bye';"])
    let strict = try Self.program(variant: "strict")
    #expect(
      strict.setup.count == 2 && strict.setup[1].text.hasPrefix("\n\n" + String(repeating: " ", count: 23) + "ALTER"))
    #expect(try Self.program(store: "mariadb").setup[1].text.contains("':rooms'"))
  }

  @Test func variantsAndStores() throws {
    #expect(try ScriptProgram.variants(of: Fixture.settings(Self.booking)) == ["strict"])
    #expect(Fixture.sent(try Self.program(variant: "strict"))[0] == "BEGIN ISOLATION LEVEL SERIALIZABLE")
    #expect(Fixture.sent(try Self.program(store: "mariadb"))[0] == "START TRANSACTION")
    // A replacement for the variant says more than one for the store.
    #expect(
      Fixture.sent(try Self.program(variant: "strict", store: "mariadb"))[0] == "BEGIN ISOLATION LEVEL SERIALIZABLE")
    #expect(try Self.program(variant: "strict").transactions[0].statements[2].rules.count == 4)
  }

  @Test func aReplacementMayBeNothingOrCapture() throws {
    let text = """
      \\set id NULL
      SELECT 1 AS id;
      --@ instead any: SELECT 2 AS id \\aset
      --@ instead none:
      --@ instead two: SELECT 3; SELECT 4 AS id \\gset p_
      --@ on rows = 0: refused
      SELECT :id;
      """
    func sent(_ variant: String?) throws -> [String] {
      Fixture.sent(try ScriptProgram(Fixture.settings(text, variant: variant)))
    }
    #expect(try sent(nil) == ["SELECT 1 AS id", "SELECT $1"])
    #expect(try sent("any") == ["SELECT 2 AS id", "SELECT $1"])
    #expect(try sent("none") == ["SELECT $1"])
    #expect(try sent("two") == ["SELECT 3", "SELECT 4 AS id", "SELECT $1"])
    let two = try ScriptProgram(Fixture.settings(text, variant: "two")).transactions[0].statements
    #expect(two.map(\.rules.count) == [0, 1, 0] && two[1].capture == .row(prefix: "p_"))
    #expect(two[1].place == ScriptPlace(source: "sql/book.sql", line: 5, column: 28))
  }

  @Test(
    arguments: [
      ("isolation repeatable read", nil, "REPEATABLE READ"), ("isolation Serializable", nil, "SERIALIZABLE"),
      ("isolation only v: read-committed", "v", "READ COMMITTED"), ("isolation only v: read-committed", nil, nil),
    ] as [(String, String?, String?)])
  func isolation(line: String, variant: String?, expected: String?) throws {
    let text = "--@ \(line)\nSELECT 1;\n--@ instead v: SELECT 2;"
    #expect(try ScriptProgram(Fixture.settings(text, variant: variant)).isolation == expected)
  }

  @Test(arguments: [
    ("--@ setp: SELECT 1", "1:5: unknown annotation 'setp' (did you mean 'setup'?)"),
    ("--@", "1:1: an annotation needs a word"),
    ("--@ instead v: SELECT 1", "1:1: 'instead' must stand directly behind"),
    ("--@ on rows = 0: conflict", "1:1: 'on' must stand"),
    ("--@| SELECT 1", "1:1: '--@|' continues an annotation"), ("--@ setup", "1:1: 'setup' needs SQL"),
    ("--@ setup onyl v: SELECT 1", "1:11: 'onyl' is not understood here"),
    ("--@ setup on mysql: SELECT 1", "1:14: unknown store 'mysql'"),
    (
      "--@ isolation repeatabel read",
      "1:5: unknown isolation level 'repeatabel read' (did you mean 'REPEATABLE READ'?)"
    ),
    ("--@ ack n + 1", "1:5: 'ack' is written"), ("--@ ack n += 1, once :x", "1:17: 'once' is not built yet"),
    ("--@ refused if 1", "1:5: 'refused' is written"), ("--@ check n rows: SELECT 1", "1:5: 'check' is written"),
    ("--@ check n zero rows:", "1:1: 'check' needs SQL"),
    ("--@ check n zero rows: SELECT 1; SELECT 2", "1:34: a check is one query"),
    ("--@ check n = acked.m: SELECT 1", "1:21: unknown acknowledgement 'm'; there is none"),
    ("--@ ack n += :y", "1:14: nothing defines ':y'"),
    ("--@ backend postgers", "1:13: unknown store 'postgers' (did you mean 'postgres'?)"),
    ("--@ backend sqlite", "1:1: the script runs on sqlite, not on postgres"),
    ("--@ define x", "1:5: 'define' is written"),
    ("--@ hold it", "1:10: 'hold' stands alone"), ("--@ enter", "1:5: 'enter' takes the name"),
    ("--@ setup: SELECT 'a", "1:19: nothing ends"),
    ("--@ setup: \\copy t from x", "1:12: commands that begin with"),
  ]) func mistakes(line: String, message: String) {
    let problems = Fixture.problems("\(line)\nSELECT 1;")
    #expect(problems.first?.hasPrefix("sql/book.sql:\(message)") == true, "\(problems)")
  }

  @Test(arguments: [
    ("SELECT 1\n--@ hold\n, 2;", "2:1: an annotation inside a statement"),
    ("SELECT 1;\n--@ hold\n--@ on rows = 0: conflict", "3:1: 'on' must stand directly behind"),
    ("SELECT 1;\n--@ on rows is 0: conflict", "2:8: 'rowsis0' is no condition"),
    ("SELECT 1;\n--@ on rows = 0: conflic", "2:18: unknown meaning 'conflic' (did you mean 'conflict'?)"),
    ("SELECT 1;\n--@ on 2350: conflict\n--@ on 123456x: conflict", "3:8: '123456x' is no condition"),
    (
      "BEGIN;\nINSERT INTO t VALUES (1);\n--@ on 23505: ignore\nCOMMIT;",
      "3:1: an error inside a transaction cannot be ignored"
    ),
    ("SELECT 1;\n--@ instead v: SELECT 2;\n--@ instead v: SELECT 3;", "3:5: the statement has been replaced"),
    ("SELECT 1;\n--@ instead: SELECT 2;", "2:5: 'instead' needs the name"),
    ("SELECT 1;\n--@ instead v: \\set x 1", "2:16: \\set cannot stand"),
    ("SELECT 1;\n--@ instead v: SELECT 'a", "2:23: nothing ends"),
    (
      "--@ check n zero rows: SELECT 1\n--@ check n zero rows: SELECT 2\nSELECT 1;",
      "2:24: another check has the name 'n'"
    ),
    ("--@ isolation serializable\nSELECT 1;\n--@ isolation read committed", "3:1: another line says SERIALIZABLE"),
  ]) func misplaced(text: String, message: String) {
    let problems = Fixture.problems(text)
    #expect(problems.first?.hasPrefix("sql/book.sql:\(message)") == true, "\(problems)")
  }

  @Test func unknownVariantsAreRefused() {
    let problems = Fixture.problems(Fixture.settings(Self.booking, variant: "strikt"))
    #expect(
      problems == ["variant:1:1: no script names the variant 'strikt' (did you mean 'strict'?); there are strict"])
  }

  @Test func definitionsMustAgree() {
    let problems = Fixture.problems(Fixture.settings("--@ define n = 1\nSELECT :n;", "--@ define n = 2\nSELECT :n;"))
    #expect(
      problems == ["sql/other1.sql:1:12: sql/book.sql defines 'n' as 1; state one value in the scenario's 'define'"])
    #expect(
      Fixture.problems(
        Fixture.settings("--@ define n = 1\nSELECT :n;", "--@ define n = 2\nSELECT :n;", definitions: ["n": "3"])) == []
    )
  }

  /// Whether an amount is known before the answer that decides.
  @Test(arguments: [
    ("\\set x 1\nUPDATE t SET a = 1;", ":x", false), ("INSERT INTO t VALUES (1) RETURNING a AS x \\gset", ":x", true),
    ("BEGIN;\nINSERT INTO t VALUES (1) RETURNING a AS x \\gset\nCOMMIT;", ":x", false),
    ("INSERT INTO t VALUES (1) RETURNING a AS x \\gset\n\\set y :x + 1", ":y", true),
    ("\\set y 5\nINSERT INTO t VALUES (1) RETURNING a AS x \\gset", ":y", false),
    ("UPDATE t SET a = 1;\n\\set y 1", ":y", true), ("SELECT 1 AS x \\gset\nUPDATE t SET a = 1;", ":x", false),
    ("\\if 1\nBEGIN;\n\\endif\nINSERT INTO t VALUES (1) RETURNING a AS x \\gset\n\\if 1\nCOMMIT;\n\\endif", ":x", true),
    ("UPDATE t SET a = 1;", "1", false),
  ]) func lateAmounts(text: String, amount: String, isLate: Bool) throws {
    let program = try ScriptProgram(Fixture.settings("\(text)\n--@ ack n += \(amount)"))
    #expect(program.transactions[0].acknowledgements.map(\.isLate) == [isLate])
  }
}
