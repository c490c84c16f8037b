import Model
import Results
import Testing

@testable import Gate

/// Arms that took turns.
@Suite struct PairedTests {
  static func verdict(
    slices: Int = 1, again: Bool = false, policy: GatePolicy = GatePolicy(), _ candidate: (Int) -> Sample
  ) -> GateVerdict {
    let schedule = schedule(slices: slices, again: again ? [hot] : [])
    let repetitions = 1...(again ? 20 : 10) * slices
    let base = arm("base", repetitions: repetitions) { Sample(goodput: 1000 * ripple($1)) }
    let other = arm("candidate", repetitions: repetitions) { candidate($1) }
    return Judge(base: base, candidate: other, schedule: schedule, policy: policy).verdict()
  }

  @Test func `equal arms pass`() {
    let verdict = Self.verdict { Sample(goodput: 1000 * ripple($0 + 3)) }
    #expect(verdict.conclusion == .passed && verdict.passed && verdict.findings.isEmpty)
    #expect(verdict.comparisons.allSatisfy { $0.verdict == .pass })
    #expect(verdict.cellsToConfirm.isEmpty)
  }

  @Test func `a slow candidate is measured anew and then red`() throws {
    let first = Self.verdict { Sample(goodput: 900 * ripple($0)) }
    #expect(first.comparison(.goodput)?.verdict == .flagged)
    #expect(first.conclusion == .inconclusive, "a flag alone is no regression, and no pass")
    #expect(first.cellsToConfirm == [hot] && first.blocksToConfirm == 10)
    let second = Self.verdict(again: true) { Sample(goodput: 900 * ripple($0)) }
    let comparison = try #require(second.comparison(.goodput))
    #expect(comparison.verdict == .regressed && second.exitCode == 1 && !second.passed)
    #expect(comparison.changeText.hasPrefix("+11.1 % [") && comparison.countText == "10+10")
  }

  @Test func `what fresh data do not show is not red`() {
    let verdict = Self.verdict(again: true) { Sample(goodput: ($0 <= 10 ? 900 : 1000) * ripple($0)) }
    #expect(verdict.comparison(.goodput)?.verdict == .unconfirmed)
    #expect(verdict.exitCode != 1)
  }

  @Test func `the same metric must confirm itself`() {
    let verdict = Self.verdict(again: true) {
      $0 <= 10 ? Sample(goodput: 900 * ripple($0)) : Sample(goodput: 1000 * ripple($0), p99: 2_000_000)
    }
    #expect(verdict.comparison(.goodput)?.verdict == .unconfirmed)
    #expect(verdict.comparison(.p99)?.verdict == .pass)
  }

  @Test func `a fast candidate is improved and green`() {
    let verdict = Self.verdict { Sample(goodput: 1200 * ripple($0)) }
    #expect(verdict.comparison(.goodput)?.verdict == .improved && verdict.exitCode == 0)
  }

  @Test func `noise is inconclusive, with the number that would decide`() throws {
    let loud: (Int) -> Sample = { Sample(goodput: 1000 * ($0.isMultiple(of: 2) ? 0.8 : 1.3)) }
    let verdict = Self.verdict(loud)
    let comparison = try #require(verdict.comparison(.goodput))
    #expect(comparison.verdict == .inconclusive && verdict.exitCode == 3)
    #expect(try #require(comparison.needed) > 20)
    var policy = GatePolicy()
    policy.onInconclusive = .warn
    let warned = Self.verdict(policy: policy, loud)
    #expect(warned.exitCode == 0 && warned.isOnlyWarning && warned.headline.hasPrefix("WARN"))
  }

  @Test func `a noisy tail alone is no reason to fail`() {
    let verdict = Self.verdict { Sample(goodput: 1000 * ripple($0), p99: $0.isMultiple(of: 2) ? 400_000 : 2_000_000) }
    #expect(verdict.comparison(.p99)?.verdict == .inconclusive && verdict.exitCode == 0)
  }

  @Test func `rates need the relative and the absolute floor`() {
    func retries(_ before: Double, _ after: Double) -> ComparisonVerdict? {
      let base = arm("base", repetitions: 1...10) { Sample(goodput: 1000 * ripple($1), retries: before) }
      let other = arm("candidate", repetitions: 1...10) { Sample(goodput: 1000 * ripple($1), retries: after) }
      return Judge(base: base, candidate: other, schedule: schedule(), policy: GatePolicy()).verdict()
        .comparison(.retries)?.verdict
    }
    #expect(retries(0, 0.019) == .pass, "below the absolute floor")
    #expect(retries(1, 1.1) == .pass, "below the relative floor")
    #expect(retries(0, 0.05) == .flagged)
    #expect(retries(1, 1.25) == .flagged)
    #expect(retries(1, 0.5) == .improved)
  }

  @Test func `slices that others disturbed are taken out of both arms`() {
    let verdict = Self.verdict(slices: 4) {
      $0 % 4 == 1 ? Sample(goodput: 100, foreign: 0.2) : Sample(goodput: 1000 * ripple($0))
    }
    #expect(verdict.discards.map(\.discarded) == [10] && verdict.discards.map(\.measured) == [40])
    #expect(verdict.exitCode == 0, "a quarter of the slices may go")
    let half = Self.verdict(slices: 4) {
      $0 % 4 <= 1 ? Sample(goodput: 100, foreign: 0.2) : Sample(goodput: 1000 * ripple($0))
    }
    #expect(half.exitCode == 3 && half.comparison(.goodput)?.remark == "every block was disturbed by others")
  }

  @Test func `foreign CPU is not told from that of a server we do not manage`() {
    var (base, other) = (GateArm(path: "a"), GateArm(path: "b"))
    base.environment = knownEnvironment()
    other.environment = knownEnvironment()
    #expect(SliceValidity(base: base, candidate: other, policy: GatePolicy()).cpuCount == 2)
    other.environment?.services["redis"] = Environment.Service(
      version: "8", location: "redis://host", settings: [:])
    #expect(SliceValidity(base: base, candidate: other, policy: GatePolicy()).cpuCount == nil)
  }

  @Test func `short slices are pooled for percentiles`() throws {
    func short(_ sample: Sample, _ repetition: Int) -> TrialResult {
      var trial = sample.trial(hot, repetition: repetition)
      var counts = [UInt64](repeating: 0, count: HistogramLayout.phase.count)
      for index in counts.indices { counts[index] = trial.latency.counts[index] / 4 }
      trial.latency = HistogramSnapshot(.phase, counts: counts)
      return trial
    }
    let slices = (1...4).map { (base: short(Sample(), $0), candidate: short(Sample(p99: 2_000_000), $0)) }
    let one = BlockPair(number: 1, stage: 1, slices: Array(slices.prefix(1)), discarded: 0)
    #expect(one.difference(of: .p99) == nil, "5,000 latencies do not support a 99th percentile")
    let block = BlockPair(number: 1, stage: 1, slices: slices, discarded: 0)
    #expect(abs(try #require(block.difference(of: .p99)) - 0.693) < 0.01)
  }

  @Test func `advice never fails`() {
    var policy = GatePolicy()
    policy[.goodput].blocksOn = .nothing
    let verdict = Self.verdict(policy: policy) { Sample(goodput: 500 * ripple($0)) }
    #expect(verdict.comparison(.goodput)?.verdict == .regressed && verdict.exitCode == 0)
  }
}
