import Foundation
import Model
import Testing

@testable import PostgresStrategies

extension ScriptTests {
  /// What is wrong is told before anything runs, with its place, and nothing is left behind.
  @Suite(.serialized) struct Openings {
    @Test("a statement that the server does not understand", arguments: ScriptTrial.stores)
    func syntax(store: String) throws {
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE t (id INT PRIMARY KEY)",
        """
        \\set id random(1, 9)
        SELECT id FROM t WHERE id = :id;
        SELECT id
          FORM t WHERE id = :id;
        """)
      let failure = try #require(try trial.attempt().failure)
      // MariaDB does not say where in the statement.
      #expect(failure.contains(store == "mariadb" ? "one.sql:3:1: " : "one.sql:4:"), "\(failure)")
    }

    @Test("a setup that the server refuses", arguments: ScriptTrial.stores)
    func setup(store: String) throws {
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE t (id INT PRIMARY KEY);\n\nINSERT INTO\n  nowhere VALUES (1);", "SELECT 1;")
      let text = try #require(try trial.attempt().failure)
      // Where in the statement only PostgreSQL says.
      #expect(text.contains("setup.sql:\(store == "postgres" ? 4 : 3):"), "\(text)")
      #expect(text.contains("nowhere"))
    }

    @Test("a check that the server refuses", arguments: ScriptTrial.stores)
    func check(store: String) throws {
      var trial = ScriptTrial(store, setup: "CREATE TABLE t (id INT PRIMARY KEY)", "SELECT 1;")
      trial.invariants = [ScriptSettings.Invariant(name: "wrong", query: "SELECT nothing FROM t")]
      trial.operations = 4
      let failure = try #require(try trial.attempt().failure)
      #expect(failure.contains("wrong") && failure.contains("nothing"), "\(failure)")
    }

    @Test("a check that would change something is refused", arguments: ScriptTrial.stores)
    func checkThatWrites(store: String) throws {
      var trial = ScriptTrial(store, setup: "CREATE TABLE t (id INT PRIMARY KEY)", "SELECT 1;")
      trial.invariants = [ScriptSettings.Invariant(name: "wrong", query: "INSERT INTO t VALUES (1)")]
      trial.operations = 4
      #expect(try trial.attempt().failure != nil)
    }

    @Test("a transaction that is left open is a failure, and stores nothing", arguments: ScriptTrial.stores)
    func open(store: String) throws {
      var trial = ScriptTrial(
        store, setup: "CREATE TABLE t (id INT)",
        """
        \\set stays random(1, 2)
        BEGIN;
        INSERT INTO t VALUES (1);
        \\if :stays = 1
        COMMIT;
        \\endif
        --@ ack done += 1 matches: SELECT count(*) FROM t
        """)
      trial.operations = 40
      let result = try trial.run()
      #expect(result.total[.failed] > 0 && result.total[.committed] > 0)
      #expect(result.verdict == .pass, "\(result.checks)")
    }

    @Test func nothingIsLeftOnTheServer() throws {
      let session = try PostgresServer.connect(PrivateService.urlApart("postgres"))
      let question = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contend%' ORDER BY 1"
      let before = try session.run(question)
      let trial = ScriptTrial("postgres", setup: "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1);")
      _ = try trial.run()
      #expect(try session.run(question).count <= before.count)
    }
  }
}
