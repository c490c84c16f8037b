import Model
import Testing

@testable import Analysis

@Suite struct WinnerMapTests {
  /// Two strategies over workers, keys and hold time: `left` is first with one worker, `right` with more, but for one
  /// place where they are as fast.
  private static func sweep(holds: [String] = ["0us", "1ms"]) -> [TrialResult] {
    holds.flatMap { hold in
      [16, 2, 1].flatMap { keys in
        [8, 1, 64].flatMap { workers in
          let variant = "keys=\(keys), hold=\(hold)"
          let isTie = hold == "0us" && keys == 2 && workers == 8
          let left = Sample.six(1000)
          let right =
            isTie ? [100, 99, 101, 104, 98, 100].map { 1000 * $0 / 100 } : Sample.six(workers == 1 ? 500 : 2000)
          return Sample.cell("postgres.for-update", label: "left", workers: workers, variant: variant, rates: left)
            + Sample.cell("postgres.optimistic", label: "right", workers: workers, variant: variant, rates: right)
        }
      }
    }
  }

  private func maps(_ trials: [TrialResult]) -> [WinnerMap] { Answer(MeasuredRun(name: "test", trials: trials)).maps }

  @Test func `three settings make grids of the two with the most values, in the order of their values`() throws {
    let map = try #require(maps(Self.sweep()).first)
    #expect(map.columns == .init(name: "workers", values: ["1", "8", "64"]))
    #expect(map.rows == .init(name: "keys", values: ["1", "2", "16"]))
    #expect(map.panels.map(\.title) == ["hold=0us", "hold=1ms"])
    let names = map.panels.map { $0.cells.map { $0.map { $0?.outcome } } }
    let row: [WinnerMap.Outcome?] = [.winner("left"), .winner("right"), .winner("right")]
    #expect(names[1] == [row, row, row])
    #expect(names[0][0] == row && names[0][2] == row)
    guard case .undecided(let candidates) = names[0][1][1] else {
      Issue.record("\(String(describing: names[0][1][1])) is decided")
      return
    }
    #expect(Set(candidates) == ["left", "right"])
    #expect(
      map.summary
        == "right is first at 11 of 18 load points (2.00 x ahead of the runner-up) and left at 6 (2.00 x); at 1 the "
        + "data do not tell which is first.")
    #expect(map.panels[1].cells[0][0]?.words.hasPrefix("1 worker, keys=1, hold=1ms: left is first, 2.00 x (") == true)
  }

  @Test func `two settings make one grid, one a row, none no map`() throws {
    let grid = try #require(maps(Self.sweep(holds: ["1ms"])).first)
    #expect(grid.panels.map(\.title) == [""] && grid.columns.name == "workers" && grid.rows.name == "keys")
    let row = try #require(maps(Self.sweep().filter { $0.cell.variant == "keys=2, hold=1ms" }).first)
    #expect(row.columns.values == ["1", "8", "64"] && row.rows == .init(name: "", values: [""]))
    #expect(row.panels[0].cells.count == 1 && row.cells.count == 3)
    #expect(maps(Self.sweep().filter { $0.cell.variant == "keys=2, hold=1ms" && $0.cell.workers == 8 }).isEmpty)
    #expect(maps([]).isEmpty)
  }

  @Test func `a load point that was not measured has no cell`() throws {
    let map = try #require(
      maps(Self.sweep().filter { $0.cell.workers != 8 || $0.cell.variant != "keys=2, hold=1ms" }).first)
    #expect(map.panels[1].cells[1][1] == nil && map.cells.count == 17)
  }

  @Test func `who broke an invariant is never first, and a load point where all did has no winner`() throws {
    func trials(_ workers: Int, left: Int64, right: Int64) -> [TrialResult] {
      Sample.cell("redis.lock", workers: workers, rates: Sample.six(9000), violations: left)
        + Sample.cell("redis.lua", workers: workers, rates: Sample.six(100), violations: right)
        + Sample.cell("redis.none", workers: workers, rates: Sample.six(99_000), violations: 1)
    }
    let map = try #require(
      maps(trials(1, left: 0, right: 0) + trials(2, left: 1, right: 0) + trials(4, left: 1, right: 2)).first)
    #expect(map.cells.map(\.outcome) == [.winner("redis.lock"), .winner("redis.lua"), .violated])
    #expect(map.cells.map(\.violating) == [[], ["redis.lock"], ["redis.lock", "redis.lua"]], "controls are no news")
    #expect(map.cells[1].words == "2 workers: redis.lua is first, the only correct one; not correct: redis.lock")
    #expect(map.summary.hasSuffix("; at 1 every strategy broke an invariant."))
    let unknown = try #require(
      maps([1, 2].flatMap { Sample.cell("redis.lock", workers: $0, rates: Sample.six(9), isUnknown: $0 == 2) }).first)
    #expect(unknown.cells.map(\.outcome) == [.winner("redis.lock"), .unknown])
  }

  @Test func `each store with a choice has a map of its own`() {
    let trials = [1, 2].flatMap { workers in
      ["memory.mutex", "postgres.for-update", "postgres.optimistic"].enumerated().flatMap { index, id in
        Sample.cell(id, workers: workers, rates: Sample.six(Int64(90_000 >> (index * 3))))
      }
    }
    #expect(maps(trials).map(\.store) == ["", "postgres"], "memory has but one")
    #expect(maps(trials)[1].cells.map(\.outcome) == [.winner("postgres.for-update"), .winner("postgres.for-update")])
  }

  @Test func `a value with a comma stays whole, and a variant need not be a setting`() throws {
    let trials = ["mix=a,b", "mix=a"].flatMap { Sample.cell("redis.lock", variant: $0, rates: [9, 9, 9]) }
    #expect(try #require(maps(trials).first).columns == .init(name: "mix", values: ["a", "a,b"]))
    let named = ["low", "high"].flatMap { Sample.cell("redis.lock", variant: $0, rates: [9, 9, 9]) }
    #expect(try #require(maps(named).first).columns == .init(name: "variant", values: ["high", "low"]))
  }

  @Test func `of a sweep there are three sentences at most of where it turns, and all of them aside`() {
    let wide = Self.sweep() + Self.sweep(holds: ["2ms", "3ms"])
    let answer = Answer(MeasuredRun(name: "test", trials: wide))
    #expect(answer.texts(.ranking).isEmpty, "the map says it")
    #expect((1...3).contains(answer.texts(.crossover).count))
    #expect(answer.comparisons.isEmpty || answer.comparisons.count > answer.texts(.crossover).count)
    for statement in answer.statements { #expect(statement.text.count < 500, "\(statement.text)") }
  }

  @Test func `many places are counted, not listed`() {
    let trials = (1...9).flatMap { workers in
      Sample.cell("redis.lock", workers: workers, rates: Sample.six(9), violations: workers > 1 ? 1 : 0)
    }
    let text = Answer(MeasuredRun(name: "test", trials: trials)).texts(.violating).first
    #expect(text?.contains("48 violations (lost-update) at 8 of 9 load points.") == true, "\(text ?? "")")
  }
}
