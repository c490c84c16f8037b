import Analysis
import Model
import Testing

@Suite struct AnswerTests {
  private static let mixed =
    Sample.cell("postgres.none", rates: Sample.six(9_000), violations: 12_000)
    + Sample.cell("postgres.for-update", rates: Sample.six(3_000))
    + Sample.cell("postgres.optimistic", rates: [6_000, 5_900, 6_000, 6_000, 6_100, 6_000])
    + Sample.cell("redis.lock", rates: Sample.six(9_000), isUnknown: true)

  private func answer(_ trials: [TrialResult], missing: [PlannedTrial] = []) -> Answer {
    Answer(MeasuredRun(name: "test", trials: trials, missing: missing), lookup: Sample.lookup)
  }

  @Test func `says who is correct, who is not, and who is fastest by how much`() {
    let answer = answer(Self.mixed)
    #expect(
      answer.texts(.correct) == [
        "postgres.optimistic and postgres.for-update are correct here, with 0 violations in at least 180,900 "
          + "operations each: a true rate below 3/180,900 with 95 % confidence."
      ])
    #expect(
      answer.texts(.violating) == [
        "postgres.none is not correct: 72,000 violations (lost-update), as a control without protection must. It is "
          + "not ranked."
      ])
    #expect(
      answer.texts(.unknown) == [
        "Whether redis.lock is correct cannot be told: the final state could not be read. It is not ranked."
      ])
    #expect(
      answer.texts(.ranking) == [
        "At 8 workers, postgres.optimistic is fastest, 6,000/s: 1.99 x (1.91 to 2.05, 95 % interval of 6 repetitions) "
          + "better than postgres.for-update."
      ])
  }

  @Test func `never praises what is not correct`() {
    for text in [Answer.Kind.correct, .ranking, .crossover].flatMap(answer(Self.mixed).texts) {
      #expect(!text.contains("none") && !text.contains("redis.lock"))
    }
    let nothing = answer(Sample.cell("postgres.none", rates: [9_000], violations: 1))
    #expect(nothing.texts(.correct) == ["No strategy is shown to be correct here."])
    #expect(nothing.texts(.ranking) == ["There is nothing to rank."])
  }

  @Test func `who promises little is not taken for as good as the others`() {
    let weak = Sample.cell("postgres.read-committed", rates: Sample.six(2000)).map { trial in
      var trial = trial
      trial.checks = [
        CheckResult(
          checker: "list-append", examined: 20_000,
          allowed: [AllowedAnomaly(.gSingle, count: 7), AllowedAnomaly(.g2Item, count: 70)])
      ]
      return trial
    }
    let sentences = answer(weak + Sample.cell("postgres.serializable", rates: Sample.six(500))).texts(.correct)
    #expect(sentences.count == 2)
    #expect(
      sentences.last == "postgres.read-committed promises less than transactions one after the other, and keeps only "
        + "that: it let through G-single and G2-item.")
  }

  @Test func `a strategy counts by the worst of its load points`() {
    let trials =
      Sample.cell("redis.lock", workers: 1, rates: [9, 9, 9])
      + Sample.cell("redis.lock", workers: 8, rates: [9, 9, 9], violations: 2)
      + [1, 8].flatMap { Sample.cell("redis.lua", workers: $0, rates: [5, 5, 5]) }
    let answer = answer(trials)
    #expect(answer.texts(.correct).allSatisfy { !$0.contains("redis.lock") })
    #expect(answer.texts(.violating).first?.contains("6 violations (lost-update) at 8 workers.") == true)
  }

  @Test func `few repetitions are not called a confidence`() {
    let trials = Sample.cell("redis.lua", rates: [20, 21, 22]) + Sample.cell("redis.lock", rates: [10, 10, 10])
    #expect(
      answer(trials).texts(.ranking) == [
        "At 8 workers, redis.lua is fastest in each of the few repetitions, 21.0/s: 2.10 x (2.00 to 2.20 in 3 "
          + "repetitions) better than redis.lock."
      ])
    #expect(
      answer(trials).texts(.untested).contains(
        "3 repetitions give no interval with a confidence (all agree by chance in 1 of 4 cases): it takes "
          + "6 for 95 % (load.repetitions)."))
    let two = answer(trials.filter { $0.repetition < 3 })
    #expect(two.texts(.ranking).first?.contains("the data do not tell which is first: redis.lua (20.5/s) and") == true)
  }

  @Test func `names the crossover with both sides, or says that there is none`() {
    #expect(
      answer(CrossoverTests.sweep()).texts(.crossover) == [
        "postgres.for-update is ahead of postgres.optimistic at 1 key (1,005/s against 700/s), and behind it at 16 keys "
          + "(2,200/s against 1,508/s) (8 workers, retry=full)."
      ])
    let part = CrossoverTests.sweep().filter { $0.conditions.keys >= 16 }
    #expect(
      answer(part).texts(.crossover) == [
        "No crossover in the measured range: postgres.optimistic is first from 16 keys to 64 keys (8 workers, "
          + "retry=full)."
      ])
    let more = part + CrossoverTests.sweep(workers: 16).filter { $0.conditions.keys >= 16 }
    #expect(
      answer(more).texts(.crossover).contains(
        "No crossover in the measured range: postgres.optimistic is first from 16 keys to 64 keys (8 workers, "
          + "retry=full; 16 workers, retry=full)."))
    #expect(answer(Self.mixed).texts(.crossover).isEmpty)
  }

  @Test func `stores are ranked among themselves too`() {
    let texts = answer(Self.mixed + Sample.cell("memory.mutex", rates: Sample.six(1_000_000))).texts(.ranking)
    #expect(texts.count == 3 && texts[0].contains("memory.mutex is fastest"))
    #expect(texts[1].contains("memory.mutex is the only correct strategy with records in memory"))
    #expect(texts[2].contains("postgres.optimistic is fastest with records in postgres"))
    let inMemory =
      Sample.cell("memory.mutex", rates: Sample.six(1_000_000)) + Sample.cell("memory.cas", rates: Sample.six(500_000))
    let once = answer(Self.mixed + inMemory).texts(.ranking)
    #expect(once.count == 2 && once[0].contains("memory.mutex is fastest, "), "who is first of all is not told twice")
    #expect(once[1].contains("with records in postgres"))
  }

  @Test func `names the knee of a staircase of rates`() {
    func step(_ rate: Double, _ id: String, answers rates: [Int64], violations: Int64 = 0) -> [TrialResult] {
      Sample.cell(id, variant: "rate=\(Int(rate))/s", rates: rates, violations: violations).map { trial in
        var trial = trial
        trial.conditions.ratePerSecond = rate
        return trial
      }
    }
    var trials: [TrialResult] = []
    for (rate, answered) in [(1000.0, 1000), (2000, 1990), (4000, 3100), (8000, 3000)] as [(Double, Int64)] {
      trials += step(rate, "postgres.for-update", answers: Sample.six(answered))
      trials += step(rate, "redis.lua", answers: Sample.six(Int64(rate)))
      trials += step(rate, "redis.lock", answers: Sample.six(500))
      trials += step(rate, "postgres.none", answers: Sample.six(Int64(rate)), violations: 5)
    }
    #expect(
      Set(answer(trials).texts(.knee)) == [
        "postgres.for-update, 8 workers, keeps up with 2,000/s and not with 4,000/s, of which it answers 3,116/s: its knee "
          + "lies between.",
        "redis.lua, 8 workers, keeps up with every rate that was offered, 8,000/s at most.",
        "redis.lock, 8 workers, is saturated by the least rate that was offered: of 1,000/s it answers 503/s.",
      ])
    #expect(answer(step(1000, "redis.lua", answers: Sample.six(10))).texts(.knee).isEmpty)
  }

  @Test func `says what was not tested`() {
    var trials = Sample.disturbed(Sample.cell("redis.lock", rates: Sample.six(500)), repetitions: [2])
    trials += Sample.cell("memory.mutex", rates: Sample.six(900)) + Sample.cell("redis.none", rates: Sample.six(10))
    trials[0].failure = "a worker died"
    let planned = PlannedTrial(
      cell: Cell(strategy: "redis.lua", workers: 8), strategyIndex: 3, repetition: 1, position: 19, seed: 1)
    let texts = answer(trials, missing: [planned]).texts(.untested)
    #expect(texts.contains("The checkers were not put to the test: the control redis.none broke nothing."))
    #expect(texts.contains("1 trial of 19 planned did not run."))
    #expect(texts.contains("1 trial failed and tells nothing about speed."))
    #expect(texts.contains { $0.hasPrefix("1 trial of 18 ran beside foreign load; ratios leave it out") })
    #expect(texts.contains { $0.hasPrefix("Only one process") && $0.contains("memory.mutex would not protect them") })
    #expect(texts.contains("Only one load point: 8 workers, 1 key, no hold time."))
    #expect(texts.contains("No fault was injected: no pause, no crash, no lost connection."))
  }

  @Test func `a lease that was never lost was not tested`() {
    var trials = Sample.cell("redis.lock", rates: Sample.six(500))
    let words = "No holder of redis.lock lost its lock while it worked"
    #expect(answer(trials).texts(.untested).contains { $0.hasPrefix(words) })
    trials[0].tallies[.measured]?[.expiredHolds] = 1
    #expect(!answer(trials).texts(.untested).contains { $0.hasPrefix(words) })
  }

  @Test func `an empty run says so`() {
    #expect(answer([]).texts(.correct) == ["No strategy is shown to be correct here."])
  }
}
