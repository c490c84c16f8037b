import Model
import Testing

extension ScriptTests {
  /// Faults that are planted in scripts, which invariants must catch, and their remedies.
  @Suite(.serialized) struct Verdicts {
    private static let counter =
      "CREATE TABLE counter (id INT PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO counter VALUES (1, 0);"

    @Test("read, then write: updates are lost", arguments: ScriptTrial.stores)
    func lostUpdate(store: String) throws {
      let trial = ScriptTrial(
        store, setup: Self.counter,
        """
        SELECT n FROM counter WHERE id = 1 \\gset
        --@ hold
        UPDATE counter SET n = :n + 1 WHERE id = 1;
        --@ ack done += 1 matches: SELECT n FROM counter
        """)
      var planted = trial
      planted.adjust = { $0.workload.hold = .milliseconds(1) }
      let result = try planted.run()
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.total[.committed] == 200)
    }

    /// `extended` differs from `prepared` on PostgreSQL only.
    private static let modes: [(String, ScriptSettings.Mode)] = ScriptTrial.stores.flatMap { store in
      ScriptSettings.Mode.allCases.filter { $0 != .extended || store == "postgres" }.map { (store, $0) }
    }

    @Test("one statement: nothing is lost", arguments: modes)
    func atomicUpdate(store: String, mode: ScriptSettings.Mode) throws {
      var trial = ScriptTrial(
        store, setup: Self.counter,
        """
        \\set amount random(1, 9)
        BEGIN;
        UPDATE counter SET n = n + :amount WHERE id = 1;
        COMMIT;
        --@ ack done += :amount
        --@ check sum = acked.done: SELECT n FROM counter
        """)
      trial.mode = mode
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.committed] == 200)
    }

    @Test("an imbalance that transactions show on their way is found while they run", arguments: ScriptTrial.stores)
    func audit(store: String) throws {
      var trial = ScriptTrial(
        store,
        setup: "CREATE TABLE purse (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO purse VALUES (1, 0), (2, 0);",
        """
        UPDATE purse SET n = n + 1 WHERE id = 1;
        \\sleep 2 ms
        UPDATE purse SET n = n - 1 WHERE id = 2;
        --@ check balance zero rows: SELECT sum(n) AS total FROM purse HAVING sum(n) <> 0
        """)
      trial.interval = .milliseconds(5)
      trial.workers = 2
      trial.operations = nil
      let result = try trial.run()
      #expect(result.total[.auditedSnapshots] > 0 && result.total[.unbalancedSnapshots] > 0)
      let found = result.violations.contains { $0.evidence.contains("while transactions ran") }
      #expect(found, "\(result.checks)")
    }

    @Test("a rule says what a violated constraint means", arguments: ScriptTrial.stores)
    func constraint(store: String) throws {
      let code = ["postgres": "23505", "mariadb": "1062", "sqlite": "19"][store] ?? ""
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE seat (id INT PRIMARY KEY)",
        """
        \\set id random(1, 20)
        BEGIN;
        INSERT INTO seat VALUES (:id);
        --@ on \(code): refused
        COMMIT;
        --@ ack taken += 1 matches: SELECT count(*) FROM seat
        """)
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.committed] <= 20 && result.total[.refused] >= 180)
    }

    @Test("no rule: a violated constraint is a failure, and told with its place", arguments: ScriptTrial.stores)
    func unexpectedError(store: String) throws {
      let trial = ScriptTrial(
        store, setup: "CREATE TABLE seat (id INT PRIMARY KEY)",
        """
        BEGIN;
        INSERT INTO seat VALUES (1);
        COMMIT;
        --@ ack taken += 1 matches: SELECT count(*) FROM seat
        """)
      let result = try trial.run()
      #expect(result.total[.committed] == 1 && result.total[.failed] == 199)
      #expect(result.firstError?.hasPrefix("one.sql:2:1: ") == true, "\(result.firstError ?? "")")
    }

    @Test("rows decide: a lost race is a conflict, tried again until it is won", arguments: ScriptTrial.stores)
    func compareAndSet(store: String) throws {
      let trial = ScriptTrial(
        store, setup: Self.counter,
        """
        SELECT n AS seen FROM counter WHERE id = 1 \\gset
        UPDATE counter SET n = n + 1 WHERE id = 1 AND n = :seen;
        --@ on rows = 0: conflict
        --@ ack done += 1 matches: SELECT n FROM counter
        """)
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks) \(result.firstError ?? "")")
      #expect(result.total[.committed] == 200)
    }
  }
}
