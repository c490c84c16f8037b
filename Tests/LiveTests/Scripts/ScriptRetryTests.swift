import Model
import Testing

extension ScriptTests {
  /// What is tried again, and with what.
  @Suite(.serialized) struct Retries {
    @Test("deadlocks are broken and tried again", arguments: ScriptTrial.stores.filter { $0 != "sqlite" })
    func deadlocks(store: String) throws {
      let hasty = store == "postgres" ? "SET deadlock_timeout = '5ms';\n" : ""
      var trial = ScriptTrial(
        store,
        setup: "CREATE TABLE purse (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO purse VALUES (1, 0), (2, 0);",
        """
        \\set one random(1, 2)
        \\set other 3 - :one
        \(hasty)BEGIN;
        UPDATE purse SET n = n + 1 WHERE id = :one;
        \\sleep 1 ms
        UPDATE purse SET n = n - 1 WHERE id = :other;
        COMMIT;
        --@ check balance zero rows: SELECT sum(n) FROM purse HAVING sum(n) <> 0
        """)
      trial.operations = 100
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.committed] == 100 && result.total[.deadlock] > 0)
    }

    @Test("a lock timeout leaves no half of an operation behind", arguments: ScriptTrial.stores)
    func lockTimeouts(store: String) throws {
      let hasty = store == "postgres" ? "SET lock_timeout = '1ms';\n" : ""
      var trial = ScriptTrial(
        store,
        setup: """
          CREATE TABLE hot (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO hot VALUES (1, 0);
          CREATE TABLE log (client INT NOT NULL);
          """,
        """
        \(hasty)BEGIN;
        INSERT INTO log VALUES (:client_id);
        UPDATE hot SET n = n + 1 WHERE id = 1;
        \\sleep 2 ms
        COMMIT;
        --@ ack done += 1 matches: SELECT count(*) FROM log
        --@ check halves zero rows: SELECT n FROM hot WHERE n <> (SELECT count(*) FROM log)
        """)
      trial.operations = 60
      let options: [String: [String: OptionValue]] = [
        "mariadb": ["lock-wait-timeout": .duration(.zero)], "sqlite": ["busy-timeout": .duration(.milliseconds(1))],
      ]
      trial.options = options[store] ?? [:]
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.committed] == 60 && result.total[.lockTimeout] > 0)
    }

    @Test("variables are as they were when an operation is tried again", arguments: ["postgres"])
    func variablesAreRestored(store: String) throws {
      let trial = ScriptTrial(
        store,
        setup: """
          CREATE TABLE hot (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO hot VALUES (1, 0);
          CREATE TABLE log (client INT NOT NULL, x INT NOT NULL);
          """,
        """
        --@ define x = 0
        --@ isolation REPEATABLE READ
        \\set x :x + 1
        BEGIN;
        INSERT INTO log VALUES (:client_id, :x);
        SELECT n FROM hot \\gset
        UPDATE hot SET n = :n + 1 WHERE id = 1;
        COMMIT;
        --@ ack done += 1 matches: SELECT n FROM hot
        --@ check steps zero rows: SELECT client, max(x), count(*) FROM log GROUP BY client HAVING max(x) <> count(*)
        """)
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.conflict] > 0 && result.total[.committed] == 200)
    }

    @Test("no row leaves the old value of a variable, one row of several is the last", arguments: ScriptTrial.stores)
    func anyRow(store: String) throws {
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1), (2); CREATE TABLE log (id INT)",
        """
        \\set id 7
        SELECT id FROM t WHERE id > 5 \\aset
        BEGIN;
        INSERT INTO log VALUES (:id);
        COMMIT;
        SELECT id FROM t ORDER BY id \\aset
        BEGIN;
        INSERT INTO log VALUES (:id);
        COMMIT;
        --@ check values zero rows: SELECT id FROM log WHERE id NOT IN (2, 7)
        --@ check both zero rows: SELECT count(*) FROM log HAVING count(*) <> 40 OR sum(id) <> 180
        """)
      var few = trial
      few.operations = 20
      let result = try few.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
    }

    @Test("savepoints and rollbacks are counted as the server counts them", arguments: ["postgres"])
    func counts(store: String) throws {
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE seat (id INT PRIMARY KEY)",
        """
        \\set id random(1, 50)
        BEGIN;
        SAVEPOINT before;
        INSERT INTO seat VALUES (:id);
        --@ on 23505: refused
        \\if :id > 25
        ROLLBACK TO SAVEPOINT before;
        \\endif
        COMMIT;
        SELECT 1;
        --@ check low zero rows: SELECT id FROM seat WHERE id > 25
        """)
      let result = try trial.run()
      #expect(result.total[.refused] > 0 && result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
    }
  }
}
