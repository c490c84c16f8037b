import Model
import Scripts
import Testing

/// Scripts with annotations as users write them: each compiles in all of its variants.
@Suite struct WorkedScriptTests {
  private static let children = """
    --@ setup: CREATE TABLE parent(id int PRIMARY KEY, n int NOT NULL DEFAULT 0); INSERT INTO parent SELECT g FROM generate_series(1, 4) g;
    --@| CREATE TABLE child(id bigserial PRIMARY KEY, parent int NOT NULL REFERENCES parent);
    \\set p random(1, 4)
    BEGIN; INSERT INTO child(parent) VALUES (:p);
    SELECT n FROM parent WHERE id = :p FOR UPDATE \\gset
    --@ instead no-key: SELECT n FROM parent WHERE id = :p FOR NO KEY UPDATE \\gset
    UPDATE parent SET n = :n + 1 WHERE id = :p; COMMIT;
    --@ ack add += 1 matches: SELECT count(*) FROM child
    --@ check counters zero rows: SELECT p.id FROM parent p WHERE p.n <> (SELECT count(*) FROM child c WHERE c.parent = p.id)
    """
  private static let timestamp = """
    --@ setup: CREATE TABLE doc(id int PRIMARY KEY, body int NOT NULL, v int NOT NULL, changed timestamptz(0) NOT NULL);
    --@| INSERT INTO doc SELECT g, 0, 0, 'epoch' FROM generate_series(1, 10) g;
    \\set d random(1, 10)
    SELECT body, extract(epoch FROM changed)::bigint AS seen FROM doc WHERE id = :d \\gset
    --@ instead counter: SELECT body, v AS seen FROM doc WHERE id = :d \\gset
    --@ hold
    UPDATE doc SET body = :body + 1, changed = now() WHERE id = :d AND extract(epoch FROM changed)::bigint = :seen;
    --@ instead counter: UPDATE doc SET body = :body + 1, v = v + 1 WHERE id = :d AND v = :seen;
    --@ on rows = 0: conflict
    --@ ack edit += 1 matches: SELECT sum(body) FROM doc
    """
  private static let booking = """
    --@ setup: CREATE TABLE booking(id bigserial PRIMARY KEY, room int, during int4range);
    --@ setup only exclusion: CREATE EXTENSION IF NOT EXISTS btree_gist;
    --@| ALTER TABLE booking ADD EXCLUDE USING gist (room WITH =, during WITH &&);
    \\set room random(1, 20)
    \\set a random(0, 360)
    \\set b :a + random(1, 5)
    BEGIN;
    --@ instead serializable: BEGIN ISOLATION LEVEL SERIALIZABLE;
    SELECT count(*) AS taken FROM booking WHERE room = :room AND during && int4range(:a, :b) \\gset
    --@ hold
    \\if :taken = 0
    INSERT INTO booking(room, during) VALUES (:room, int4range(:a, :b));
    --@ on 23P01: refused
    \\endif
    COMMIT;
    --@ refused when :taken > 0
    --@ ack booked += 1 matches: SELECT count(*) FROM booking
    --@ check no-overlap zero rows: SELECT x.room FROM booking x JOIN booking y ON x.id < y.id AND x.room = y.room AND x.during && y.during
    """
  private static let tag = """
    --@ setup: CREATE TABLE tag(id bigint AUTO_INCREMENT PRIMARY KEY, name int NOT NULL, KEY (name)) ENGINE=InnoDB;
    --@ setup only upsert: ALTER TABLE tag ADD UNIQUE (name);
    \\set name random(1, 100000)
    \\set id NULL
    BEGIN; SELECT id FROM tag WHERE name = :name FOR UPDATE \\aset
    --@ instead plain: SELECT id FROM tag WHERE name = :name \\aset
    --@ instead upsert: INSERT INTO tag(name) VALUES (:name) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id);
    \\if :id IS NULL
    INSERT INTO tag(name) VALUES (:name);
    --@ instead upsert: SELECT LAST_INSERT_ID() AS id \\gset
    \\endif
    COMMIT;
    --@ ack made += 1
    --@ check one-each zero rows: SELECT name FROM tag GROUP BY name HAVING count(*) > 1
    """
  private static let queue = """
    --@ setup: CREATE TABLE job(id bigserial PRIMARY KEY, state text NOT NULL DEFAULT 'new', runs int NOT NULL DEFAULT 0);
    --@| INSERT INTO job(runs) SELECT 0 FROM generate_series(1, 100000);
    --@| CREATE INDEX ON job(id) WHERE state = 'new';
    \\set id NULL
    BEGIN; SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED \\aset
    --@ instead waiting: SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE \\aset
    --@ instead unlocked: SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 \\aset
    --@ hold
    \\if :id IS NOT NULL
    UPDATE job SET state = 'done', runs = runs + 1 WHERE id = :id;
    \\endif
    COMMIT;
    --@ refused when :id IS NULL
    --@ ack claimed += 1 matches: SELECT sum(runs) FROM job
    --@ check once zero rows: SELECT id FROM job WHERE runs > 1
    """
  private static let ledger = """
    --@ setup: CREATE TABLE entry(id bigserial PRIMARY KEY, account int NOT NULL, amount int NOT NULL);
    --@| INSERT INTO entry(account, amount) SELECT g, 100000 FROM generate_series(1, 20) g; CREATE INDEX ON entry(account);
    \\set a random(1, 20)
    \\set x random(1, 5000)
    BEGIN;
    --@ instead serializable: BEGIN ISOLATION LEVEL SERIALIZABLE;
    SELECT sum(amount) AS balance FROM entry WHERE account = :a \\gset
    --@ hold
    \\if :balance >= :x
    INSERT INTO entry(account, amount) VALUES (:a, 0 - :x);
    \\endif
    COMMIT;
    --@ refused when :balance < :x
    --@ ack spent += :x matches: SELECT 2000000 - sum(amount) FROM entry
    --@ check never-negative zero rows: SELECT account, sum(amount) FROM entry GROUP BY account HAVING sum(amount) < 0
    """

  @Test(arguments: [
    (children, "postgres", ["no-key"], 5), (timestamp, "postgres", ["counter"], 2),
    (booking, "postgres", ["exclusion", "serializable"], 4), (tag, "mariadb", ["upsert", "plain"], 4),
    (queue, "postgres", ["waiting", "unlocked"], 4), (ledger, "postgres", ["serializable"], 4),
  ]) func everyVariantCompiles(text: String, store: String, variants: [String], statements: Int) throws {
    let settings = Fixture.settings(text, store: store)
    #expect(try ScriptProgram.variants(of: settings) == variants)
    for mode in [ScriptSettings.Mode.simple, .prepared] {
      for variant in [nil] + variants {
        let program = try ScriptProgram(Fixture.settings(text, mode: mode, variant: variant, store: store))
        #expect(program.transactions[0].statements.count == statements)
        #expect(!program.checks.isEmpty && program.acknowledgements.count == 1)
        #expect(program.setup.count == (["exclusion", "upsert"].contains(variant) ? 2 : 1))
      }
    }
  }

  @Test func onlyColumnsOfStatementsAreLeftToTheServer() throws {
    let program = try ScriptProgram(Fixture.settings(Self.ledger))
    #expect(Set(program.unresolved(script: 0).map { program.variables[$0.slot].name }) == ["balance"])
    #expect(program.problems(captured: ["balance"]).isEmpty)
    #expect(
      program.problems(captured: []).first?.description == "sql/book.sql:9:5: no statement has a column for ':balance'")
    #expect(!program.transactions[0].acknowledgements[0].isLate)
  }
}
