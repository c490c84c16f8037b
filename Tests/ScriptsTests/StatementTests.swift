import Model
import Scripts
import Testing

/// Where statements end, what they are, and how they go out.
@Suite struct StatementTests {
  private static func statements(_ text: String, store: String = "postgres", mode: ScriptSettings.Mode = .prepared)
    throws -> [String]
  {
    Fixture.sent(try ScriptProgram(Fixture.settings(text, mode: mode, store: store)))
  }

  @Test(arguments: [
    ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]), ("SELECT ';', \";\";", ["SELECT ';', \";\""]),
    ("SELECT 'it''s; ok';;", ["SELECT 'it''s; ok'"]), ("SELECT E'it\\'s; ok';", ["SELECT E'it\\'s; ok'"]),
    ("SELECT 'a\\'; SELECT 2;", ["SELECT 'a\\'", "SELECT 2"]),
    ("SELECT $$;$$, $a$;$b$;$a$;", ["SELECT $$;$$, $a$;$b$;$a$"]),
    ("SELECT /* ; /* ; */ ; */ 1;", ["SELECT /* ; /* ; */ ; */ 1"]), ("-- c;\n  SELECT 1; -- d;\n", ["SELECT 1"]),
    ("SELECT 1 -- it's;\n, 2;", ["SELECT 1 -- it's;\n, 2"]),
    ("/* nothing */\n-- nothing\nSELECT 1;", ["/* nothing */\n-- nothing\nSELECT 1"]),
    ("SELECT (1; 2);", ["SELECT (1; 2)"]), ("SELECT 1\n\\set x 2\nSELECT :x", ["SELECT 1", "SELECT $1"]),
    ("SELECT :scale, :scale::int;", ["SELECT $1, $2::int"]), ("SELECT '12:34:56'::time;", ["SELECT '12:34:56'::time"]),
    ("SELECT 'a'::scale;", ["SELECT 'a'::scale"]), ("SELECT a$b$c, 1;", ["SELECT a$b$c, 1"]),
    ("SELECT '{\"a\":true}'::jsonb;", ["SELECT '{\"a\":true}'::jsonb"]), ("SELECT \\:scale;", ["SELECT :scale"]),
    ("SELECT 1;\n/* only a comment */\n\\sleep 1 us", ["SELECT 1"]), ("SELECT x := :scale;", ["SELECT x := $1"]),
    ("SELECT ':nothing';", ["SELECT ':nothing'"]), ("SELECT '::scale';", ["SELECT '::scale'"]),
  ]) func postgres(text: String, expected: [String]) throws {
    #expect(try Self.statements(text) == expected)
  }

  @Test func mariaDBHidesWithBackslashes() throws {
    #expect(
      try Self.statements("SELECT 'it\\'s;', `a;b`; SELECT 2;", store: "mariadb") == [
        "SELECT 'it\\'s;', `a;b`", "SELECT 2",
      ])
    #expect(try Self.statements("SELECT 'a\\'; SELECT `b;`;", store: "sqlite") == ["SELECT 'a\\'", "SELECT `b;`"])
  }

  @Test func placeholders() throws {
    let program = try ScriptProgram(
      Fixture.settings("\\set a 1\n\\set b 2\nUPDATE t SET x = :a, y = :b WHERE z = :a;", store: "sqlite"))
    let statement = program.transactions[0].statements[0]
    #expect(statement.text(numbered: false) == "UPDATE t SET x = ?, y = ? WHERE z = ?")
    #expect(statement.text == "UPDATE t SET x = :a, y = :b WHERE z = :a")
    #expect(statement.parameters.map { program.variables[$0].name } == ["a", "b", "a"])
  }

  /// A server says at which character it stopped.
  @Test func placesOfCharacters() throws {
    let program = try ScriptProgram(Fixture.settings("\\set amount 1\nSELECT 'ä', :amount,\n   :amount, wrong;"))
    let statement = program.transactions[0].statements[0]
    let sent = statement.text(numbered: true)
    #expect(sent == "SELECT 'ä', $1,\n   $2, wrong")
    let wrong = sent.distance(from: sent.startIndex, to: try #require(sent.firstRange(of: "wrong")).lowerBound) + 1
    #expect(
      statement.place(ofCharacter: wrong, numbered: true) == ScriptPlace(source: "sql/book.sql", line: 3, column: 13))
    #expect(
      statement.place(ofCharacter: 13, numbered: true) == ScriptPlace(source: "sql/book.sql", line: 2, column: 13))
    #expect(statement.place(ofCharacter: 1, numbered: true) == statement.place)
  }

  @Test(
    arguments: [
      ("BEGIN ISOLATION LEVEL SERIALIZABLE", .begin, false), ("start transaction", .begin, false),
      ("COMMIT WORK", .commit, false),
      ("END", .commit, false), ("PREPARE TRANSACTION 'a'", .commit, false), ("ROLLBACK TO SAVEPOINT a", .other, false),
      ("UPDATE t SET a = 1", .write, true),
      ("DELETE FROM t", .write, true), ("INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1", .write, false),
      ("WITH x AS (SELECT 1) UPDATE t SET a = 1", .write, true),
      ("WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x", .write, false),
      ("WITH x AS (SELECT 1) SELECT * FROM t FOR UPDATE", .other, false), ("SELECT * FROM t FOR UPDATE", .other, false),
      ("REPLACE INTO t VALUES (1)", .write, false), ("CALL f()", .write, false), ("SAVEPOINT a", .other, false),
      ("SELECT replace('a', 'b', 'c')", .other, false),
    ] as [(String, ScriptStatement.Kind, Bool)])
  func kinds(text: String, kind: ScriptStatement.Kind, expectsRows: Bool) throws {
    let block = kind == .begin ? "\(text); COMMIT;" : "\(text);"
    let statement = try ScriptProgram(Fixture.settings(block)).transactions[0].statements[0]
    #expect(statement.kind == kind && statement.expectsRows == expectsRows)
  }

  @Test func combinedStatements() throws {
    let text = "BEGIN \\; UPDATE t SET a = 1 \\; COMMIT;"
    let statement = try ScriptProgram(Fixture.settings(text, mode: .simple)).transactions[0].statements[0]
    #expect(statement.text == "BEGIN ; UPDATE t SET a = 1 ; COMMIT" && statement.isCombined && statement.kind == .write)
    #expect(
      Fixture.problems(text) == [
        "sql/book.sql:1:1: '\\;' sends several statements as one, which is possible in simple mode only: state 'mode: simple'"
      ])
  }

  @Test func captures() throws {
    let text =
      "SELECT 1 AS a \\gset\nSELECT 2 AS b; \\gset p_\n\\set c NULL\nSELECT 3 AS c \\aset\nSELECT :a, :p_b, :c;"
    let program = try ScriptProgram(Fixture.settings(text))
    #expect(
      program.transactions[0].statements.map(\.capture) == [
        .row(prefix: ""), .row(prefix: "p_"), .anyRow(prefix: ""), .none,
      ])
    #expect(program.unresolved(script: 0).map { program.variables[$0.slot].name } == ["a", "p_b"])
    #expect(program.unresolved(script: 0).map(\.place.column) == [8, 12])
    #expect(
      program.problems(captured: ["a", "p_a"]).map(\.description) == [
        "sql/book.sql:5:12: no statement has a column for ':p_b' (did you mean 'p_a'?)"
      ])
  }

  @Test func variablesInQuotes() throws {
    let text = "\\set foo 1\nSELECT 'x:foo', ':bar';"
    let simple = try ScriptProgram(Fixture.settings(text, mode: .simple)).transactions[0].statements[0]
    #expect(simple.pieces.count == 3 && simple.parameters.count == 1)
    #expect(simple.pieces.last == .text("', ':bar'"))
    #expect(
      Fixture.problems(text).first?.hasPrefix("sql/book.sql:2:10: ':foo' inside quotes is no variable in prepared mode")
        == true)
  }

  @Test(arguments: [
    ("SELECT 'a;\n", "1:8: nothing ends this quoted text"), ("SELECT 1;\n/* a", "2:1: nothing ends this comment"),
    ("SELECT $a$;", "1:8: nothing ends this text in dollar quotes"),
    ("SELECT :nam;\n", "1:8: nothing defines ':nam'"),
    ("\\set name 1\nSELECT :nme;", "2:8: nothing defines ':nme' (did you mean 'name'?)"),
    ("SELECT :x;\n\\set x 1", "1:8: ':x' is used before it is set"),
    ("SELECT :x;\nSELECT 1 AS x \\gset", "1:8: ':x' is used before the statement whose column it is"),
    ("SELECT 1 AS id \\aset\nSELECT :id;", "2:8: ':id' keeps its value of an earlier run"),
    ("SELECT :'name';", "1:8: psql's quoted variables"), ("SELECT a FROM :\"t\";", "1:15: psql's quoted variables"),
    ("CREATE TABLE t(a int);", "1:1: CREATE TABLE belongs in setup"),
    ("TRUNCATE t;", "1:1: TRUNCATE T belongs in setup"),
    ("COPY t FROM STDIN;", "1:1: COPY cannot be used"),
    ("BEGIN;\nSELECT 1;", "1:1: the transaction is still open at the end"),
    ("\\set x 1", "1:1: the script has no statement"), ("", "1:1: the script has no statement"),
  ]) func mistakes(text: String, message: String) {
    #expect(Fixture.problems(text).first?.hasPrefix("sql/book.sql:\(message)") == true, "\(Fixture.problems(text))")
  }

  @Test func temporaryTablesAreNoSetup() throws {
    #expect(Fixture.problems("CREATE OR REPLACE TEMPORARY TABLE t(a int);\nDROP TEMPORARY TABLE t;") == [])
  }

  @Test func anotherScriptMayGiveAValue() throws {
    #expect(Fixture.problems(Fixture.settings("SELECT :x;", "\\set x 1\nSELECT :x;")) == [])
    let program = try ScriptProgram(Fixture.settings("SELECT :y;", "SELECT 2 AS y \\gset"))
    #expect(program.unresolved(script: 0).count == 1 && program.unresolved(script: 1).isEmpty)
  }

  /// Whatever is read, it ends, and is refused or compiled.
  @Test func noTextBreaksTheReader() {
    let parts = [
      "SELECT ", "'", "\"", "$$", "$a$", "/*", "*/", "--", "--@ ", "--@| ", "\n", "\\", "\\set ", "\\if ", ":x", "::",
      "(", ")",
      ";", "\\;", "\\gset", "instead v: ", "check a zero rows: ", "1", "ä", "\0", "on rows = 0: ", "\r\n", "E'", "`",
    ]
    var random = RandomSource(seed: 11)
    for _ in 0..<3000 {
      let text = (0..<12).map { _ in parts[Int(random.below(UInt64(parts.count)))] }.joined()
      for store in ["postgres", "mariadb"] {
        let problems = Fixture.problems(Fixture.settings(text, mode: .simple, store: store))
        #expect(problems.allSatisfy { $0.hasPrefix("sql/book.sql:") }, "\(text.debugDescription): \(problems)")
      }
    }
  }
}
