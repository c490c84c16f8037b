import Analysis
import Model
import Testing

@Suite struct RankingTests {
  private func ranking(_ trials: [TrialResult], by objective: Objective = .goodput) throws -> Ranking {
    try #require(Ranking.rankings(of: trials, by: objective).first)
  }

  @Test func `correct strategies are ordered, the others stand apart`() throws {
    let ranking = try ranking(
      Sample.cell("postgres.none", rates: Sample.six(9_000), violations: 7)
        + Sample.cell("postgres.for-update", rates: Sample.six(3_000))
        + Sample.cell("redis.lock", rates: Sample.six(8_000), isUnknown: true)
        + Sample.cell("postgres.optimistic", rates: Sample.six(5_000))
        + Sample.cell("floor.memory", rates: Sample.six(90_000), violations: 9))
    #expect(ranking.correct.map(\.strategy) == ["postgres.optimistic", "postgres.for-update"])
    #expect(ranking.violating.map(\.cell.strategy) == ["postgres.none"])
    #expect(ranking.unknown.map(\.cell.strategy) == ["redis.lock"])
    #expect(ranking.references.map(\.cell.strategy) == ["floor.memory"])
    #expect(ranking.fastest?.strategy == "postgres.optimistic")
    #expect(ranking.lead.map { abs($0.point - 5.0 / 3) < 1e-9 && $0.isConfident && $0.pairs == 6 } == true)
  }

  @Test func `a control that broke nothing is no candidate`() throws {
    let ranking = try ranking(Sample.cell("postgres.none", rates: Sample.six(9_000)))
    #expect(ranking.correct.isEmpty && ranking.references.map(\.cell.strategy) == ["postgres.none"])
  }

  @Test func `one violating repetition is enough`() throws {
    let first = Sample.cell("redis.lock", rates: [9_000, 9_000, 9_000])
    let last = Sample.cell("redis.lock", rates: [9_000, 9_000, 9_000, 9_000], violations: 1).suffix(1)
    let ranking = try ranking(first + last + Sample.cell("redis.lua", rates: [10, 10, 10, 10]))
    #expect(ranking.correct.map(\.strategy) == ["redis.lua"])
  }

  @Test func `what the data do not tell apart is not called fastest`() throws {
    let ranking = try ranking(
      Sample.cell("redis.lua", rates: [1_000, 1_100, 900, 1_000, 1_050, 950])
        + Sample.cell("redis.lock", rates: [990, 1_080, 930, 1_010, 1_000, 940])
        + Sample.cell("redis.watch", rates: Sample.six(500)))
    #expect(ranking.fastest == nil)
    #expect(ranking.leaders.map(\.strategy) == ["redis.lua", "redis.lock"])
  }

  @Test func `disturbed, failed and missing trials are left out in pairs and counted`() throws {
    var slow = Sample.disturbed(Sample.cell("redis.lock", rates: [100, 500, 500, 500, 500, 500]), repetitions: [1])
    slow[1].failure = "a worker died"
    slow[1].checks = []
    let fast = Array(Sample.cell("redis.lua", rates: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000]).prefix(5))
    let cells = CellSummary.summaries(of: fast + slow)
    let ratio = try #require(Objective.goodput.ratio(of: cells[0], to: cells[1]))
    #expect(ratio.pairs == 3 && ratio.leftOut == 3 && abs(ratio.point - 2) < 1e-9)
  }

  @Test func `a trial that lost a host has no figure, and its strategy no rank`() throws {
    var spread = Sample.cell("redis.lua", rates: Sample.six(1_000))
    for index in spread.indices {
      spread[index].hosts = TrialHosts((0..<2).map { HostRecord(rank: $0, name: "h\($0)", processors: 4, workers: 4) })
    }
    let slow = Sample.cell("redis.lock", rates: Sample.six(500))
    #expect(try ranking(spread + slow).fastest?.strategy == "redis.lua")
    // The rest of it may have been fast: nobody knows what it did.
    spread[1].tallies[.measured]?[.committed] *= 100
    spread[1].hosts?.hosts[1].isLost = true
    spread[1].failure = "host 1 (h1) was lost"
    let ranking = try ranking(spread + slow)
    #expect(ranking.unknown.map(\.cell.strategy) == ["redis.lua"] && ranking.fastest?.strategy != "redis.lua")
    #expect(ranking.correct.map(\.strategy) == ["redis.lock"])
    let cells = CellSummary.summaries(of: spread + slow)
    #expect(cells[0].goodputPerSecond == 1_000)
    let ratio = try #require(Objective.goodput.ratio(of: cells[0], to: cells[1]))
    #expect(ratio.pairs == 5 && ratio.leftOut == 1 && abs(ratio.point - 2) < 1e-9)
  }

  @Test func `where too few undisturbed pairs are left, all count, and the ratio says so`() throws {
    let slow = Sample.cell("redis.lock", rates: [10, 10, 10, 10, 10, 10])
    let fast = Sample.cell("redis.lua", rates: [1_000, 900, 1_000, 1_000, 1_000, 1_000])
    let cells = CellSummary.summaries(of: Sample.disturbed(fast, repetitions: [1, 2, 3, 4]) + slow)
    let ratio = try #require(Objective.goodput.ratio(of: cells[0], to: cells[1]))
    #expect(ratio.pairs == 6 && ratio.leftOut == 0 && ratio.disturbed == 4 && ratio.isSeparated)
    #expect(ratio.words.hasSuffix("95 % interval of 6 repetitions, 4 of them disturbed)"))
    #expect(ratio.inverse.disturbed == 4)
  }

  @Test func `a single pair tells nothing apart`() throws {
    let ranking = try ranking(
      Sample.disturbed(Sample.cell("redis.lua", rates: [1_000]), repetitions: [1])
        + Sample.cell("redis.lock", rates: [10]))
    #expect(ranking.fastest == nil && ranking.leaders.count == 2)
  }

  @Test func `less latency is better`() throws {
    let ranking = try ranking(
      Sample.cell("redis.lua", rates: Sample.six(5_000), latency: 900_000)
        + Sample.cell("redis.lock", rates: Sample.six(4_000), latency: 300_000), by: .p99)
    #expect(ranking.correct.map(\.strategy) == ["redis.lock", "redis.lua"])
    #expect(ranking.lead.map { abs($0.point - 3) < 0.01 } == true)
  }

  @Test func `a percentile without enough samples has no place`() throws {
    let ranking = try ranking(Sample.cell("redis.lua", rates: [100, 100]), by: .p99)
    #expect(ranking.correct.isEmpty && ranking.withoutFigure.count == 1)
  }

  @Test func `every load point has a ranking, in reading order`() {
    let trials =
      [64, 1, 8].flatMap { Sample.cell("redis.lua", workers: $0, variant: "keys=1", rates: [5]) }
      + [8, 1].flatMap { Sample.cell("redis.lua", workers: $0, variant: "keys=16", rates: [5]) }
    let names = Ranking.rankings(of: trials).map(\.point.name)
    #expect(
      names == [
        "1 worker, keys=1", "8 workers, keys=1", "64 workers, keys=1", "1 worker, keys=16", "8 workers, keys=16",
      ])
    #expect(Ranking.rankings(of: []).isEmpty)
  }
}
