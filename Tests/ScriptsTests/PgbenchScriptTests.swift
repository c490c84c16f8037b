import Model
import Scripts
import Testing

/// Scripts of pgbench, without a word changed.
@Suite struct PgbenchScriptTests {
  private static let likeTPCB = """
    \\set aid random(1, 100000 * :scale)
    \\set bid random(1, 1 * :scale)
    \\set tid random(1, 10 * :scale)
    \\set delta random(-5000, 5000)
    BEGIN;
    UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
    SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
    UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
    UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;
    INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP);
    END;

    """
  private static let selectOnly = """
    \\set aid random(1, 100000 * :scale)
    SELECT abalance FROM pgbench_accounts WHERE aid = :aid;

    """
  /// As files looked before pgbench 9.6.
  private static let old = """
    \\set nbranches :scale
    \\set naccounts 100000 * :scale
    \\setrandom aid 1 :naccounts
    \\setrandom bid 1 :nbranches
    \\setrandom delta -5000 5000
    UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
    INSERT INTO pgbench_history (bid, aid, delta) VALUES (:bid, :aid, :delta)
    """
  private static let upsert = """
    -- an upsert of a hot key
    \\set key random_zipfian(1, 1000, 1.1)
    \\set value hash(:key) % 100
    INSERT INTO foo AS t (merge, b, c) VALUES (:key, :value, 'a;b')
      ON CONFLICT (merge) DO UPDATE
      SET b = excluded.b, c = 'it''s' || t.c::text
      RETURNING b AS got \\gset
    \\if :got > 50
      SELECT count(*) FROM foo WHERE b > :got;
    \\endif
    """

  @Test(arguments: [
    (likeTPCB, 7, [ScriptStatement.Kind.begin, .write, .other, .write, .write, .write, .commit]),
    (selectOnly, 1, [.other]),
    (old, 2, [.write, .write]), (upsert, 2, [.write, .other]),
  ])
  func compiles(text: String, count: Int, kinds: [ScriptStatement.Kind]) throws {
    for mode in ScriptSettings.Mode.allCases {
      let program = try ScriptProgram(Fixture.settings(text, mode: mode, definitions: ["scale": "10"]))
      #expect(program.transactions[0].statements.map(\.kind) == kinds)
      #expect(program.transactions[0].statements.count == count)
      #expect(program.problems(captured: ["got"]).isEmpty)
    }
  }

  /// Every value lies where the script says.
  @Test func valuesOfTPCB() throws {
    let program = try ScriptProgram(Fixture.settings(Self.likeTPCB, definitions: ["scale": "10"]))
    #expect(program.transactions[0].statements.map(\.parameters.count) == [0, 2, 1, 2, 2, 4, 0])
    for seed in 1...50 as ClosedRange<UInt64> {
      let values = try Fixture.run(Self.likeTPCB, seed: seed)
      func value(_ name: String) -> Int { values[name].flatMap { Int($0) } ?? .min }
      #expect((1...100_000).contains(value("aid")) && value("bid") == 1 && (1...10).contains(value("tid")))
      #expect((-5000...5000).contains(value("delta")))
    }
  }
}
