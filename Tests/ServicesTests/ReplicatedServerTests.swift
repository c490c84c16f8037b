import Testing

@testable import Services

/// A primary and its standbys, as one service.
@Suite(.serialized) struct ReplicatedServerTests {
  @Test("what the primary stores, its standbys show; when they have parted they begin anew together")
  func postgres() throws {
    let service = try Support.start("postgres-replicas")
    defer { service.stop() }
    let urls = service.url.split(separator: ",").map(String.init)
    #expect(urls.count == 3 && service.memberCount == 3 && ServicePool.replicates("postgres-replicas"))
    func ask(_ member: Int, _ statement: String) throws -> String? { try Support.psql(urls[member], statement) }
    func follow(_ table: String) throws {
      #expect(try ask(0, "CREATE TABLE \(table) AS SELECT 7 AS it") != nil)
      for standby in 1...2 {
        #expect(Support.eventually(within: .seconds(10)) { (try? ask(standby, "SELECT it FROM \(table)")) == "7" })
        #expect(try ask(standby, "INSERT INTO \(table) VALUES (8)") == nil, "a standby takes no writes")
      }
      #expect(service.leader() == 0)
    }
    try follow("first")
    #expect(
      try ask(0, "SELECT string_agg(application_name, ' ' ORDER BY application_name) FROM pg_stat_replication")
        == "replica_1 replica_2")
    // A standby that was away catches up.
    try service.kill(member: 2)
    #expect(try ask(0, "INSERT INTO first VALUES (9)") != nil)
    try service.restart(member: 2)
    try service.waitUntilUp()
    #expect(Support.eventually(within: .seconds(10)) { (try? ask(2, "SELECT max(it) FROM first")) == "9" })
    // Both sides go on by themselves.
    #expect(try ask(1, "SELECT pg_promote()") == "t")
    #expect(try ask(0, "CREATE TABLE old AS SELECT 1") != nil && ask(1, "CREATE TABLE new AS SELECT 1") != nil)
    try service.renew()
    #expect(service.hasDied() == nil && service.processIDs(of: 2).count > 1)
    #expect(try ask(1, "SELECT count(*) FROM pg_tables WHERE tablename IN ('first', 'old', 'new')") == "0")
    try follow("first")
  }
}
