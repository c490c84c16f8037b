import Analysis
import Model
import Testing

@Suite struct LimitTests {
  private func limits(_ trials: [TrialResult]) throws -> [Limit.Kind: Limit] {
    let cells = CellSummary.summaries(of: trials)
    let cell = try #require(cells.first)
    let limits = Limits(of: cells, lookup: Sample.lookup).limits(of: cell)
    return Dictionary(uniqueKeysWithValues: limits.map { ($0.kind, $0) })
  }

  @Test func `the hold time allows one operation at a time per key`() throws {
    let trials = Sample.cell("postgres.for-update", keys: 4, hold: .milliseconds(2), rates: [1_500, 1_500, 1_500])
    let limit = try #require(try limits(trials)[.hold])
    #expect(abs(limit.perSecond - 2_000) < 1e-6 && abs(limit.share - 0.75) < 1e-9)
    #expect(limit.basis == "2.00 ms hold time, 4 keys")
  }

  @Test func `the hottest key bounds a skewed load`() throws {
    var trials = Sample.cell("postgres.for-update", keys: 3, hold: .milliseconds(1), rates: [900])
    trials[0].conditions.distribution = .zipfian(theta: 1)
    // 1 : 1/2 : 1/3, so the hottest of three keys has 6 of 11.
    #expect(try abs(limits(trials)[.hold]!.perSecond - 1_000 * 11.0 / 6) < 1e-6)
    trials[0].tallies[.measured]?[.refused] = 5
    #expect(try abs(limits(trials)[.hold]!.perSecond - 3_000) < 1e-6, "commits need not follow the choice of keys")
  }

  @Test func `round trips under the lock count`() throws {
    let trials =
      Sample.cell("postgres.for-update", hold: .milliseconds(1), rates: [400])
      + Sample.cell("floor.postgres-select", store: "postgres", workers: 1, rates: [10_000], latency: 100_000)
    let limit = try #require(try limits(trials)[.roundTrips])
    #expect(abs(limit.perSecond / (1 / 0.0012) - 1) < 0.001, "1 ms and two round trips of 100 us")
    #expect(try limits(trials)[.floor] == nil, "the floor was measured at another load")
  }

  @Test func `the floor is that of the same store and load`() throws {
    let trials =
      Sample.cell("redis.lua", rates: [4_000]) + Sample.cell("floor.redis-get", store: "redis", rates: [10_000])
      + Sample.cell("floor.memory", store: "memory", rates: [1_000_000])
    let found = try limits(trials)
    #expect(found[.floor]?.share == 0.4)
    #expect(found[.hold] == nil && found[.roundTrips] == nil)
  }

  @Test func `an atomic statement does not hold anything`() throws {
    #expect(try limits(Sample.cell("postgres.atomic", hold: .milliseconds(1), rates: [4_000])).isEmpty)
  }

  @Test(
    "what people quote depends on the mechanism",
    arguments: [
      ("memory.cas", "memory", "in-memory compare-and-exchange"), ("memory.mutex", "memory", "in-process lock"),
      ("postgres.optimistic", "postgres", "database, optimistic"),
      ("postgres.for-update", "postgres", "database, pessimistic"), ("redis.lock", "redis", "Redis lock"),
      ("redis.lua", "redis", nil), ("memory.none", "memory", nil),
    ] as [(String, String, String?)])
  func quotes(id: String, store: String, mechanism: String?) {
    let quote = Sample.lookup(id, store).flatMap { QuotedLatency.of($0, over: store) }
    #expect(quote?.mechanism == mechanism)
  }

  @Test func `reads of a read model are quoted apart from what is written to it`() throws {
    for (id, onlyReads, mechanism) in [
      ("postgres.event-append", true, "read model (CQRS)"),
      ("postgres.event-append", false, "event-sourced write (CQRS)"),
      ("postgres.optimistic", true, "database, optimistic"),
    ] {
      let descriptor = try #require(Sample.lookup(id, "postgres"))
      #expect(QuotedLatency.of(descriptor, over: "postgres", onlyReads: onlyReads)?.mechanism == mechanism)
    }
  }

  @Test func `a latency is within a quoted range, or so many times beside it`() {
    let quote = QuotedLatency.all[2]
    #expect(quote.words(for: 1_000_000) == "within" && quote.words(for: 10_000_000) == "within")
    #expect(quote.words(for: 200_000) == "5.00 x below" && quote.words(for: 25_000_000) == "2.50 x above")
  }
}
