import Model
import Testing

@testable import Gate

/// Arms whose load came from several hosts.
@Suite struct HostTests {
  private func arm(_ name: String, processors: [Int], lost: Set<Int> = []) -> GateArm {
    var arm = GateTests.arm(name, repetitions: 1...10) { _, repetition in Sample(goodput: 1000 * ripple(repetition)) }
    for index in arm.trials.indices {
      var hosts = TrialHosts(
        processors.enumerated().map { HostRecord(rank: $0, name: "h\($0)", processors: $1, workers: 1) })
      if lost.contains(arm.trials[index].repetition) {
        hosts.hosts[0].isLost = true
        arm.trials[index].failure = "host 0 (h0) was lost"
      }
      arm.trials[index].hosts = processors.isEmpty ? nil : hosts
    }
    return arm
  }

  private func verdict(_ base: GateArm, _ candidate: GateArm, inTurns: Bool = false) -> GateVerdict {
    Judge(base: base, candidate: candidate, schedule: inTurns ? schedule() : nil, policy: GatePolicy()).verdict()
  }

  @Test(arguments: [false, true])
  func `runs from different numbers of hosts are not compared`(inTurns: Bool) {
    let same = verdict(arm("base", processors: [4, 4]), arm("candidate", processors: [4, 4]), inTurns: inTurns)
    #expect(!same.findings.contains { $0.kind == .incomparable })
    let more = verdict(arm("base", processors: [4, 4]), arm("candidate", processors: [4, 4, 4]), inTurns: inTurns)
    #expect(
      more.findings.filter { $0.kind == .incomparable }.map(\.message) == [
        "redis.lock, 8 workers: load from 2 hosts of 4 CPUs in the base, from 3 hosts of 4 CPUs in the candidate"
      ])
    let one = verdict(arm("base", processors: []), arm("candidate", processors: [2, 8]), inTurns: inTurns)
    #expect(
      one.findings.filter { $0.kind == .incomparable }.map(\.message) == [
        "redis.lock, 8 workers: load from one host in the base, from 2 hosts of 2 to 8 CPUs in the candidate"
      ])
  }

  @Test(arguments: [false, true])
  func `a trial that lost a host is in no comparison, however fast the rest was`(inTurns: Bool) throws {
    let base = arm("base", processors: [4, 4])
    func shown(lost: Set<Int>, factor: Int64) throws -> CostDifference? {
      var candidate = arm("candidate", processors: [4, 4], lost: lost)
      let index = try #require(candidate.trials.firstIndex { $0.repetition == 3 })
      candidate.trials[index].tallies[.measured]?[.committed] *= factor
      return try #require(verdict(base, candidate, inTurns: inTurns).comparison(.goodput)).shown
    }
    #expect(try shown(lost: [3], factor: 1) == shown(lost: [3], factor: 100))
    #expect(try shown(lost: [], factor: 1) != shown(lost: [], factor: 100))
    let found = verdict(base, arm("candidate", processors: [4, 4], lost: [3]), inTurns: inTurns)
    #expect(found.findings.map(\.kind) == [.crash])
    #expect(found.findings[0].message.contains("repetition 3 failed in the candidate: host 0 (h0) was lost"))
    #expect(found.exitCode == 2)
  }
}
