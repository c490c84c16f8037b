import Analysis
import Model
import Testing

@Suite struct CrossoverTests {
  /// Two strategies at four numbers of keys: one leads, a tie, the other leads.
  static func sweep(workers: Int = 8, hold: Duration = .milliseconds(1)) -> [TrialResult] {
    let rates: [(keys: Int, locked: Int64, optimistic: Int64)] = [
      (1, 1000, 700), (4, 1100, 1105), (16, 1500, 2200), (64, 1600, 3000),
    ]
    return rates.flatMap { keys, locked, optimistic in
      let variant = "keys=\(keys), retry=full"
      let other = [100, 99, 101, 104, 98, 100].map { optimistic * $0 / 100 }
      return Sample.cell(
        "postgres.for-update", workers: workers, variant: variant, keys: keys, hold: hold, rates: Sample.six(locked))
        + Sample.cell(
          "postgres.optimistic", workers: workers, variant: variant, keys: keys, hold: hold, rates: other,
          conflicts: 0.5 / Double(keys))
    }
  }

  private func crossovers(_ factor: Factor, _ trials: [TrialResult]) -> [Crossover] {
    Crossover.between(
      "postgres.for-update", "postgres.optimistic", along: factor, in: Ranking.rankings(of: trials))
  }

  @Test func `lies between the nearest values that the data tell apart`() throws {
    let crossover = try #require(crossovers(.keys, Self.sweep()).first)
    #expect(crossover.steps.map(\.value) == [1, 4, 16, 64])
    #expect(crossover.changes.map { [$0.before.value, $0.after.value] } == [[1, 16]])
    let change = crossover.changes[0]
    #expect(change.before.first > change.before.second && change.after.first < change.after.second)
    #expect(crossover.isFirstAhead(change.before) && !crossover.isFirstAhead(change.after))
  }

  @Test func `there is none where one leads throughout`() throws {
    let trials = Self.sweep().filter { $0.conditions.keys >= 16 }
    #expect(try #require(crossovers(.keys, trials).first).changes.isEmpty)
  }

  @Test func `everything else is held`() {
    let trials = Self.sweep() + Self.sweep(workers: 64)
    #expect(crossovers(.keys, trials).map(\.place.point.workers) == [8, 64])
    #expect(crossovers(.workers, trials).count == 4)
    #expect(crossovers(.hold, trials).isEmpty)
  }

  @Test func `one value is no range`() {
    #expect(crossovers(.keys, Self.sweep().filter { $0.conditions.keys == 1 }).isEmpty)
  }

  @Test func `a strategy that is not correct takes no part`() {
    let trials = Self.sweep().map { trial in
      var trial = trial
      if trial.cell.strategy == "postgres.optimistic", trial.conditions.keys > 1 {
        trial.checks = [CheckResult(checker: "conservation", examined: 0)]
      }
      return trial
    }
    #expect(crossovers(.keys, trials).isEmpty)
  }

  @Test func `runs complete each other`() {
    let parts = [1, 16].map { keys in
      Ranking.rankings(of: Self.sweep().filter { $0.conditions.keys == keys }, run: "keys-\(keys)")
    }
    let found = Crossover.between("postgres.for-update", "postgres.optimistic", along: .keys, in: parts.flatMap { $0 })
    #expect(found.first?.changes.count == 1)
  }
}
