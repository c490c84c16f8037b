import Engine
import Foundation
import Glibc
import Model
import Testing
import TrialSupport

/// The engine with worker processes of its own, on strategies that need no server.
@Suite(.serialized) struct EngineTests {
  @Test func everyTrialAddsUpAndNothingStays() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["memory.mutex", "memory.cas", "memory.fetch-add"]) {
      $0.load.repetitions = 2
    }
    let results = try TestRun.withOwnProgram { program in
      defer { #expect(TestRun.workerProcesses(of: program).isEmpty) }
      return try TestRun.run(scenario, program: program)
    }
    #expect(results.count == 6)
    for result in results {
      #expect(result.failure == nil)
      #expect(result.verdict == .pass)
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      #expect(result.measured[.committed] > 0)
      #expect(result.fairness.committed.reduce(0, +) == result.measured[.committed])
    }
  }

  @Test func theControlIsCaught() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["memory.none"])
    let result = try repeated(until: \.showsViolation) { try #require(try TestRun.run(scenario).first) }
    #expect(result.verdict == .violation)
    #expect(result.isAsExpected == true)
    #expect(result.violations.first?.kind == .lostUpdate)
    #expect(result.total[.overlaps] > 0)
  }

  @Test func seatsGivenBackStillShowThatTwoOwnedThem() throws {
    // Long enough that workers meet between read and write, and own their seats at the same time, on any machine.
    let scenario = try TestRun.scenario("seats", keys: 2, strategies: ["memory.none", "memory.mutex"]) {
      $0.workload.hold = .milliseconds(1)
      $0.workload.think = .milliseconds(1)
    }
    let results = try TestRun.run(scenario)
    for result in results {
      let isControl = result.strategyID == "memory.none"
      #expect((result.total[.doubleClaims] > 0) == isControl)
      #expect(result.violations.contains { $0.kind == .doubleBooking } == isControl)
    }
  }

  @Test func aMutexOfOneProcessDoesNotProtectTheDataOfTwo() throws {
    let results = try TestRun.run(
      TestRun.scenario("counter", strategies: ["memory.mutex", "memory.cas", "memory.fetch-add"]) {
        $0.load.processes = 2
      })
    for result in results {
      #expect(result.processes == 2)
      #expect(result.verdict == (result.strategyID == "memory.mutex" ? .violation : .pass))
      #expect(result.failure == nil)
    }
    #expect(results.first { $0.strategyID == "memory.mutex" }?.total[.overlaps] ?? 0 > 0)
  }

  @Test(arguments: [1, 3]) func operationsAreSharedOutExactly(processes: Int) throws {
    let scenario = try TestRun.scenario(
      "stock", options: ["initial": .integer(1000)], strategies: ["memory.mutex"], workers: 7
    ) {
      $0.load.operations = 5003
      $0.load.duration = nil
      $0.load.warmup = .zero
      $0.load.processes = processes
      // Over several processes the mutex protects nothing, so that the counts alone are of interest.
    }
    let result = try #require(try TestRun.run(scenario).first)
    #expect(result.total.outcomes == 5003)
    // However short the trial: without a warm-up nothing is counted before the window.
    #expect(result.measured.outcomes == 5003)
    if processes == 1 {
      #expect(result.total[.committed] == 1000)
      #expect(result.total[.refused] == 4003)
      #expect(result.verdict == .pass)
    }
  }

  @Test func aKilledWorkerProcessFailsTheTrialAndLeavesItsEvidence() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["memory.fetch-add"]) {
      $0.load.processes = 2
      $0.load.duration = .seconds(20)
    }
    var killed = false
    let results = try TestRun.withOwnProgram { program in
      defer { #expect(TestRun.workerProcesses(of: program).isEmpty) }
      return try TestRun.run(scenario, program: program) { view in
        guard !killed, view.elapsed > 0.2, let victim = TestRun.workerProcesses(of: program).first else { return }
        kill(victim, SIGKILL)
        killed = true
      }
    }
    let result = try #require(results.first)
    let failure = try #require(result.failure)
    #expect(failure.contains("died with signal 9"))
    #expect(result.verdict == .unknown)
    #expect(result.total[.committed] > 1000)
    #expect(result.checks.allSatisfy { $0.violations.isEmpty }, "acknowledged additions are never lost")
  }

  @Test func operationsThatNeverEndAreCutOffAndUnknown() throws {
    // Locks of two accounts taken in any order, without anybody to break the deadlock.
    let scenario = try TestRun.scenario(
      "transfer", keys: 2, options: ["ordered": .flag(false)], strategies: ["memory.mutex"], workers: 8
    ) { $0.load.drain = .milliseconds(200) }
    let result = try #require(try TestRun.run(scenario).first)
    #expect(result.failure == nil)
    #expect(result.total[.unknown] == 8)
    #expect(result.censoredCount == 8)
    // In-process operations are timed by sampling, so it is known of some only how long they had waited.
    #expect((0...8).contains(result.phases.censored.total))
    #expect(result.verdict != .violation)
  }

  @Test func anInterruptionEndsTheRunAtOnce() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let scenario = try TestRun.scenario("counter", strategies: ["memory.mutex"]) { $0.load.duration = .seconds(60) }
    try TestRun.withOwnProgram { program in
      let failure = #expect(throws: EngineFailure.self) {
        try TestRun.run(scenario, program: program, interruption: ends[0]) { view in
          if view.elapsed > 0.1 { _ = write(ends[1], "x", 1) }
        }
      }
      #expect(failure?.kind == .interrupted)
      #expect(TestRun.workerProcesses(of: program).isEmpty)
    }
  }

  @Test(arguments: [0, 1]) func aTrialThatOthersDisturbIsMeasuredAgain(remeasure: Int) throws {
    // One CPU is its own: how much another gets must not depend on how many tests run at the same time.
    let scenario = try TestRun.scenario("counter", strategies: ["memory.none"], workers: 2) {
      $0.load.duration = .milliseconds(400)
      $0.load.remeasure = remeasure
    }
    let foreign = (0..<4).map { _ in Process() }
    // Not `terminate()`: where tests run in the background, children may ignore SIGTERM.
    defer { for process in foreign where process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    for process in foreign {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      // A limit of CPU time, so that it ends by itself where this test is cut off.
      process.arguments = ["-c", "ulimit -t 30; while :; do :; done"]
      try process.run()
    }
    let results = try TestRun.run(scenario)
    #expect(results.map(\.measurement) == Array(1...(1 + remeasure)))
    #expect(results.allSatisfy { $0.machine.isDisturbed })
    #expect(Set(results.map(\.position)) == [1] && Set(results.map(\.repetition)) == [1])
    let cell = try #require(CellSummary.summaries(of: results).first)
    #expect(cell.trials.count == 1 && cell.measurements.count == 1 + remeasure)
    #expect(cell.verdict == .violation)
  }

  @Test func anOpenLoopKeepsItsSchedule() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["memory.mutex"], workers: 2) {
      $0.load.rate = 2000
      $0.load.duration = .milliseconds(1000)
    }
    let result = try #require(try TestRun.run(scenario).first)
    // Poisson arrivals: 2000 expected with a standard deviation of 45.
    #expect((1600...2400).contains(result.measured[.committed]))
    #expect(result.samplingInterval == 1)
    #expect(result.latency.total == UInt64(result.measured[.committed]))
  }

  @Test func thePlanIsShuffledBySeedAndComplete() throws {
    var scenario = try TestRun.scenario("counter", strategies: ["memory.mutex", "memory.cas", "memory.none"]) {
      $0.load.workers = [1, 2]
      $0.load.repetitions = 3
    }
    let plan = Plan(scenario)
    #expect(plan.trials.map(\.position) == Array(1...18))
    for repetition in 1...3 {
      let cells = plan.trials.filter { $0.repetition == repetition }.map(\.cell)
      #expect(Set(cells).count == 6)
      #expect(Set(plan.trials.filter { $0.repetition == repetition }.map(\.seed)).count == 1)
    }
    #expect(Plan(scenario).trials == plan.trials)
    scenario.variants[0].load.seed = 2
    #expect(Plan(scenario).trials.map(\.cell) != plan.trials.map(\.cell))
  }

  @Test func everyVariantIsPlanned() throws {
    var scenario = try TestRun.scenario("counter", strategies: ["memory.mutex", "memory.cas"]) {
      $0.load.workers = [1, 2]
      $0.load.repetitions = 2
    }
    scenario.variants = ["keys=1", "keys=2", "keys=3"].map { name in
      var variant = scenario.variants[0]
      variant.name = name
      return variant
    }
    let plan = Plan(scenario)
    #expect(plan.trials.count == 24)
    for repetition in 1...2 {
      let cells = plan.trials.filter { $0.repetition == repetition }.map(\.cell)
      #expect(Set(cells).count == 12)
      #expect(Set(cells.map(\.variant)) == ["keys=1", "keys=2", "keys=3"])
    }
  }
}
