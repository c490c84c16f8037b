import Model
import Results
import Testing

@testable import Gate

/// What decides before any speed.
@Suite struct HardGateTests {
  static func verdict(
    cells: [Cell] = [hot], schedule: GateSchedule? = nil, policy: GatePolicy = GatePolicy(),
    base: (Cell, Int) -> Sample? = { _, repetition in Sample(goodput: 1000 * ripple(repetition)) },
    candidate: (Cell, Int) -> Sample?
  ) -> GateVerdict {
    Judge(
      base: arm("base", cells: cells, repetitions: 1...10, base),
      candidate: arm("candidate", cells: cells, repetitions: 1...10, candidate), schedule: schedule, policy: policy
    ).verdict()
  }

  @Test func `each fault has its finding and its exit code`() {
    let good = { (repetition: Int) in Sample(goodput: 1000 * ripple(repetition)) }
    func one(_ fault: @escaping (inout Sample) -> Void) -> GateVerdict {
      Self.verdict { _, repetition in
        var sample = good(repetition)
        if repetition == 4 { fault(&sample) }
        return sample
      }
    }
    func kinds(_ verdict: GateVerdict) -> [GateFinding.Kind] { verdict.findings.map(\.kind) }
    #expect(kinds(one { _ in }).isEmpty)
    let lost = one { $0.lost = 1 }
    #expect(kinds(lost) == [.violation] && lost.exitCode == 2)
    #expect(lost.comparisons.allSatisfy { $0.verdict == .suppressed }, "the speed of wrong results means nothing")
    let crashed = one { $0.failure = "a worker ended with signal 9" }
    #expect(kinds(crashed) == [.crash] && crashed.exitCode == 2)
    let idle = one { $0.goodput = 0 }
    #expect(kinds(idle).contains(.zeroOperations) && idle.exitCode == 2)
    let unchecked = one { $0.unchecked = true }
    #expect(kinds(unchecked) == [.unchecked] && unchecked.exitCode == 3)
  }

  @Test func `a control must fire, in any repetition`() {
    let blind = Self.verdict(base: { _, _ in Sample(lost: 5, expectation: .violation) }) { _, _ in
      Sample(expectation: .violation)
    }
    #expect(blind.findings.map(\.kind) == [.controlDidNotFire] && blind.exitCode == 2)
    let fires = Self.verdict(base: { _, _ in Sample(lost: 5, expectation: .violation) }) { _, repetition in
      Sample(goodput: 10, lost: repetition == 3 ? 5 : 0, expectation: .violation)
    }
    #expect(fires.findings.isEmpty && fires.exitCode == 0, "and its speed is not compared")
    let open = Self.verdict(base: { _, _ in Sample(lost: 5, expectation: .any) }) { _, _ in
      Sample(lost: 5, expectation: .any)
    }
    #expect(open.exitCode == 0)
  }

  @Test func `a fault of the base is no fault of the candidate`() {
    let wrong = Self.verdict(base: { _, _ in Sample(lost: 1) }) { _, _ in Sample(goodput: 10) }
    #expect(wrong.findings.map(\.kind) == [.baseViolation] && wrong.exitCode == 0)
    #expect(wrong.comparisons.allSatisfy { $0.verdict == .suppressed })
    let crashed = Self.verdict(base: { _, repetition in Sample(failure: repetition == 1 ? "gone" : nil) }) { _, _ in
      Sample()
    }
    #expect(crashed.exitCode == 4)
  }

  @Test func `what is missing is never a pass`() {
    let gap = Self.verdict { _, repetition in repetition == 7 ? nil : Sample(goodput: 1000 * ripple(repetition)) }
    #expect(gap.findings.map(\.message) == ["1 of 10 trials are missing in the candidate"] && gap.exitCode == 4)
    let empty = Judge(base: GateArm(path: "a"), candidate: GateArm(path: "b"), policy: GatePolicy()).verdict()
    #expect(empty.exitCode == 4 && !empty.passed)
    let later = Self.verdict(schedule: schedule(blocks: 11)) { _, repetition in
      Sample(goodput: 1000 * ripple(repetition))
    }
    #expect(later.exitCode == 4, "a block that was planned and never run")
  }

  @Test func `correctness is judged over slices that were taken out and over both stages`() {
    let discarded = Self.verdict(schedule: schedule(blocks: 5, slices: 2)) { _, repetition in
      Sample(lost: repetition == 3 ? 1 : 0, foreign: repetition == 3 ? 0.9 : 0)
    }
    #expect(discarded.exitCode == 2)
    var later = schedule(blocks: 9)
    later.blocks.append(GateSchedule.Block(number: 10, stage: 2, cells: [hot], first: [.base]))
    let second = Self.verdict(schedule: later) { _, repetition in Sample(lost: repetition == 10 ? 1 : 0) }
    #expect(second.exitCode == 2)
  }

  @Test func `everything is judged, and the worst wins`() {
    #expect(
      [GateConclusion.passed, .inconclusive, .regressed, .incomparable, .violated].sorted()
        == [.passed, .inconclusive, .regressed, .incomparable, .violated])
    let both = Self.verdict(cells: [hot, cold]) { cell, repetition in
      cell == hot ? Sample(goodput: 500 * ripple(repetition)) : repetition == 2 ? nil : Sample(lost: 1)
    }
    #expect(both.exitCode == 2)
    #expect(both.findings.map(\.kind) == [.violation, .missing])
    #expect(both.comparison(.goodput)?.verdict == .regressed)
  }
}
