import Model
import Testing

@testable import Gate

/// How arms take turns.
@Suite struct ScheduleTests {
  static let control = Cell(strategy: "memory.none", workers: 8)

  static func planned(seed: UInt64, slices: Int = 4) -> GateSchedule {
    var policy = GatePolicy()
    (policy.blocks, policy.slices) = (20, slices)
    return GateSchedule(
      screening: [
        .init(hot, isControl: false), .init(cold, isControl: false), .init(control, isControl: true),
      ], policy: policy, seed: seed)
  }

  @Test func `every cell is in every block, controls in the first two`() {
    let schedule = Self.planned(seed: 1)
    #expect(schedule.cells == [hot, cold, Self.control])
    #expect(schedule.blocks.map(\.number) == Array(1...20))
    #expect(schedule.blocks.allSatisfy { Set($0.cells).isSuperset(of: [hot, cold]) && $0.stage == 1 })
    #expect(schedule.blocks.filter { $0.cells.contains(Self.control) }.map(\.number) == [1, 2])
  }

  @Test func `the arms alternate within a block and both have every slice`() {
    let schedule = Self.planned(seed: 1)
    for block in schedule.blocks {
      let slices = schedule.slices(of: block)
      #expect(slices.count == 2 * 4 * block.cells.count)
      for cell in block.cells {
        let sides = slices.filter { $0.cell == cell }.map(\.side)
        let (a, b) = (sides[0], sides[0].other)
        #expect(sides == [a, b, b, a, a, b, b, a])
        for side in GateSide.allCases {
          let repetitions = slices.filter { $0.cell == cell && $0.side == side }.map(\.repetition)
          #expect(repetitions == Array(schedule.repetitions(of: block)))
        }
      }
    }
  }

  @Test func `a seed decides the order, and either arm goes first about as often`() {
    #expect(Self.planned(seed: 7) == Self.planned(seed: 7))
    #expect(Self.planned(seed: 7) != Self.planned(seed: 8))
    let first = (1...50).flatMap { Self.planned(seed: $0).blocks.flatMap(\.first) }
    let share = Double(first.count { $0 == .base }) / Double(first.count)
    // Four standard errors of 2,100 fair coins.
    #expect(abs(share - 0.5) < 0.044)
    let shuffled = Set((1...50).map { Self.planned(seed: $0).blocks[0].cells })
    #expect(shuffled.count == 6, "every order of three cells occurs")
  }

  @Test func `disturbed blocks are measured again, other stages and controls are not`() {
    let schedule = schedule([hot, cold], again: [hot])
    let base = arm("base", cells: [hot, cold], repetitions: 1...20) { _, repetition in
      Sample(foreign: repetition == 3 || repetition == 12 ? 0.5 : 0)
    }
    let other = arm("candidate", cells: [hot, cold], repetitions: 1...20) { cell, _ in
      Sample(expectation: cell == cold ? .violation : .pass)
    }
    let judge = Judge(base: base, candidate: other, schedule: schedule, policy: GatePolicy())
    #expect(judge.shortages(inStage: 1, wanted: 10) == [hot: 1])
    #expect(judge.shortages(inStage: 2, wanted: 10) == [hot: 1])
    #expect(judge.shortages(inStage: 1, wanted: 9).isEmpty)
  }

  @Test func `exchanged arms and another gate's arms are noticed`() {
    var schedule = schedule()
    let base = arm("base", repetitions: 1...10) { _, _ in Sample() }
    let other = arm("candidate", repetitions: 1...10) { _, _ in Sample(goodput: 900) }
    schedule.runs = ["base": base.runID, "candidate": other.runID]
    let right = Judge(base: base, candidate: other, schedule: schedule, policy: GatePolicy()).verdict()
    #expect(!right.findings.contains { $0.kind == .incomparable })
    let swapped = Judge(base: other, candidate: base, schedule: schedule, policy: GatePolicy()).verdict()
    #expect(swapped.exitCode == 4, "an improvement that is none")
    #expect(swapped.findings.count { $0.kind == .incomparable } == 2)
  }

  @Test func `a cell that only the base has is missing, one that only the candidate has is new`() {
    var schedule = schedule()
    (schedule.removed, schedule.added) = ([cold], [Self.control])
    let base = arm("base", repetitions: 1...10) { Sample(goodput: 1000 * ripple($1)) }
    let other = arm("candidate", repetitions: 1...10) { Sample(goodput: 1000 * ripple($1 + 2)) }
    let verdict = Judge(base: base, candidate: other, schedule: schedule, policy: GatePolicy()).verdict()
    #expect(verdict.exitCode == 4)
    #expect(verdict.findings.map(\.kind) == [.cellRemoved, .cellAdded])
    var policy = GatePolicy()
    policy.waivers = [
      GateWaiver(cell: cold.title, subject: .presence, maximumRatio: 1, reason: "gone", expires: .last)
    ]
    let waived = Judge(base: base, candidate: other, schedule: schedule, policy: policy).verdict()
    #expect(waived.exitCode == 0 && waived.findings.map(\.kind) == [.waived, .cellAdded])
  }

  @Test func `a candidate of which less is expected is not compared`() {
    let base = arm("base", repetitions: 1...10) { _, _ in Sample() }
    for expectation in [Expectation.any, .violation] {
      let other = arm("candidate", repetitions: 1...10) { _, _ in Sample(lost: 1, expectation: expectation) }
      let verdict = Judge(base: base, candidate: other, schedule: schedule(), policy: GatePolicy()).verdict()
      #expect(verdict.exitCode == 4 && verdict.findings.map(\.kind) == [.incomparable])
    }
  }
}
