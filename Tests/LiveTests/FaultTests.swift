import Engine
import Foundation
import Glibc
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// What is done to a running trial, and what a trial makes of it. After the others, one by one: CPU time of processes
  /// that were killed counts with that of the driver, so that a trial beside them would not seem to be disturbed.
  @Suite(.serialized) struct Faults {
    private func scenario(
      _ strategy: String, _ options: [String: OptionValue] = [:], adjust: (inout Variant) -> Void = { _ in }
    ) throws -> Scenario {
      var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(800)
        adjust(&$0)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: nil)?.descriptor)
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      return scenario
    }

    @Test(
      "a planned death leaves unknown outcomes, and the verdict is that of the rest",
      arguments: ["memory.cas", "redis.lua", "postgres.for-update"])
    func plannedDeath(strategy: String) throws {
      let result = try FaultTrial.run(
        try scenario(strategy), [PlannedFault(KillWorkers(.process(0)), at: .milliseconds(200))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      // Of an operation that was being counted when its worker died, the outcome is known.
      #expect((0...2).contains(result.total[.unknown]))
      #expect(result.measured[.unknown] == result.total[.unknown])
      #expect(result.fairness.committed.allSatisfy { $0 > 0 })
      #expect(result.events.map(\.kind) == [.ended, .injected])
      let end = try #require(result.events.first)
      #expect(end.subject == "worker process 0 (workers 0 to 1)")
      #expect(end.detail.contains("signal 9") && end.second >= 0.2)
      // The others went on.
      #expect(result.measuredSeconds > end.second)
    }

    @Test("a death that nobody planned fails the trial, whatever else was planned")
    func unplannedDeath() throws {
      var killed = false
      let scenario = try scenario("memory.cas") { $0.load.duration = .seconds(20) }
      let result = try TestRun.withOwnProgram { program in
        let testbed = try Testbed(scenario, executable: program, interruption: -1)
        defer { try? testbed.close() }
        var trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
        trial.faults = [PlannedFault(PauseWorkers(.process(0)), at: .milliseconds(1), for: .milliseconds(1))]
        return try testbed.run(trial) { view in
          guard !killed, view.elapsed > 0.2, let victim = TestRun.workerProcesses(of: program).first else { return }
          kill(victim, SIGKILL)
          killed = true
        }
      }
      #expect(result.failure?.contains("died with signal 9") == true)
      #expect(result.verdict == .unknown)
      #expect(result.events.last?.kind == .ended)
      #expect(result.events.map(\.kind).prefix(2) == [.injected, .healed])
    }

    @Test(
      "a process that takes the place of a killed one goes on with its work",
      arguments: ["memory.cas", "redis.lock", "postgres.for-update"])
    func startedAgain(strategy: String) throws {
      let kill = PlannedFault(KillWorkers(.process(1), restarts: true), at: .milliseconds(150), for: .milliseconds(100))
      // A lock whose holder dies is free again when its lease ends.
      let options = strategy == "redis.lock" ? ["ttl": OptionValue.duration(.milliseconds(400))] : [:]
      let scenario = try scenario(strategy, options) {
        $0.load.duration = .milliseconds(1500)
        $0.retry.cap = .milliseconds(5)
      }
      let result = try FaultTrial.run(scenario, [kill])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed])
      #expect(result.fairness.committed.allSatisfy { $0 > 0 })
      #expect((0...2).contains(result.total[.unknown]))
    }

    @Test("a share of operations is exact, whoever has run it")
    func sharesGoOn() throws {
      let scenario = try scenario("redis.lua") {
        $0.load.operations = 20_001
        $0.load.duration = nil
        $0.load.warmup = .zero
      }
      let result = try FaultTrial.run(
        scenario,
        [PlannedFault(KillWorkers(.process(0), restarts: true), at: .milliseconds(20), for: .milliseconds(20))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.total.outcomes == 20_001)
      #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed])
      #expect(result.verdict == .pass, "\(result.checks)")
    }

    @Test("the only process may end and come back")
    func onlyProcess() throws {
      let scenario = try scenario("redis.lua") { $0.load.processes = 1 }
      let result = try FaultTrial.run(
        scenario,
        [PlannedFault(KillWorkers(.process(0), restarts: true), at: .milliseconds(100), for: .milliseconds(200))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed])
      #expect(result.verdict == .pass, "\(result.checks)")
    }

    @Test("when all have been killed as planned, the trial is over")
    func nobodyLeft() throws {
      let scenario = try scenario("redis.lua") {
        $0.load.processes = 1
        $0.load.duration = .seconds(60)
      }
      let result = try FaultTrial.run(scenario, [PlannedFault(KillWorkers(.process(0)), at: .milliseconds(100))])
      FaultTrial.expectCountsAddUp(result)
      #expect((0.1..<30).contains(result.measuredSeconds))
      #expect(result.verdict == .pass, "\(result.checks)")
    }

    @Test("a holder that is paused past its lease, and does not know, damages what others wrote")
    func pausedHolder() throws {
      let scenario = try scenario("redis.lock", ["ttl": .duration(.milliseconds(50))]) {
        $0.workload.hold = .milliseconds(5)
        $0.retry.cap = .milliseconds(5)
      }
      let pauses = [50, 300, 550].map {
        PlannedFault(PauseWorkers(.holder), at: .milliseconds($0), for: .milliseconds(150))
      }
      let result = try repeated(until: { $0.showsViolation && $0.total[.expiredHolds] > 0 }) {
        try FaultTrial.run(scenario, pauses)
      }
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.violations.contains { $0.kind == .lostUpdate })
      #expect(result.total[.overlaps] > 0 && result.total[.expiredHolds] > 0)
      for kind in [TrialEvent.Kind.injected, .healed] { #expect(result.events.count { $0.kind == kind } == 3) }
    }

    @Test("what a scenario states is done, as often as there is time for, and its course is recorded")
    func statedFaults() throws {
      var scenario = try scenario("redis.lock", ["ttl": .duration(.milliseconds(50))]) {
        $0.workload.hold = .milliseconds(5)
        $0.retry.cap = .milliseconds(5)
        $0.load.duration = .milliseconds(2000)
      }
      scenario.faults = [
        FaultSettings(
          kind: "kill-worker", start: .share(0.1), length: .duration(.milliseconds(20)), interval: .milliseconds(200),
          options: Options(KillWorkers.descriptor.options)),
        FaultSettings(
          kind: "pause-worker", start: .duration(.milliseconds(1700)), length: .multiple(2, of: "ttl"),
          options: Options(PauseWorkers.descriptor.options, stated: ["target": .word("waiter")])),
      ]
      #expect(FaultRegistry.problems(in: scenario).isEmpty)
      let trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
      let result = try FaultTrial.run(scenario, trial.faults)
      FaultTrial.expectCountsAddUp(result)
      let deaths = result.faults.filter { $0.kind == "kill-worker" }
      // Each is asked for 200 ms after the one before, and waits for a holder and for its replacement.
      #expect((3...9).contains(deaths.count))
      #expect(deaths.allSatisfy { $0.injectedSecond != nil && $0.subject.hasPrefix("worker process") })
      // A lease of 50 ms ends 50 ms after it was granted, which was at most 5 ms before the death.
      #expect(deaths.contains { ($0.takeoverSeconds ?? 0) > 0.03 })
      #expect(deaths.allSatisfy { ($0.longestStallSeconds ?? 0) > 0 })
      let pause = try #require(result.faults.first { $0.kind == "pause-worker" })
      #expect(pause.fault == 1 && pause.takeoverSeconds == nil)
      let (paused, went) = (try #require(pause.injectedSecond), try #require(pause.healedSecond))
      #expect(paused >= 1.7 && went - paused >= 0.1)
    }

    @Test("a fault that cannot be done is refused with the reason, before anything runs")
    func refusedFaults() throws {
      func problem(_ strategy: String, _ settings: FaultSettings, _ adjust: (inout Variant) -> Void = { _ in }) throws
        -> String
      {
        var scenario = try scenario(strategy, adjust: adjust)
        scenario.faults = [settings]
        return FaultRegistry.problems(in: scenario).map(\.message).joined()
      }
      let holder = Options(PauseWorkers.descriptor.options)
      let pause = FaultSettings(kind: "pause-worker", options: holder)
      #expect(try problem("redis.lock", pause).isEmpty)
      #expect(try problem("redis.lock", pause) { $0.load.processes = 1 }.contains("state load.processes: 2"))
      #expect(try problem("memory.mutex", pause).contains("state workload.hold: 1ms"))
      #expect(try problem("memory.mutex", pause) { $0.workload.hold = .milliseconds(1) }.isEmpty)
      let lease = FaultSettings(kind: "pause-worker", length: .multiple(3, of: "ttl"), options: holder)
      #expect(try problem("postgres.for-update", lease).contains("no option 'ttl'"))
      let late = FaultSettings(kind: "pause-worker", start: .duration(.seconds(5)), options: holder)
      #expect(try problem("redis.lock", late).contains("after the end of the measured window"))
      let bounded = try problem("redis.lock", pause) { ($0.load.duration, $0.load.operations) = (nil, 100) }
      #expect(bounded.contains("state a duration"))
      let service = FaultSettings(kind: "pause-service")
      #expect(try problem("memory.cas", service).contains("needs no service"))
      let other = FaultSettings(kind: "pause-service", service: "postgres")
      #expect(try problem("redis.lock", other).contains("not a service of the trial"))
      let fifth = Options(KillWorkers.descriptor.options, stated: ["target": .integer(5)])
      #expect(try problem("redis.lock", FaultSettings(kind: "kill-worker", options: fifth)).contains("there are 2"))
    }

    @Test("a lock that lasts as long as its session survives a pause")
    func pausedTransaction() throws {
      let scenario = try scenario("postgres.for-update") { $0.workload.hold = .milliseconds(5) }
      let result = try FaultTrial.run(
        scenario, [PlannedFault(PauseWorkers(.holder), at: .milliseconds(100), for: .milliseconds(200))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.overlaps] == 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("a process that one fault has stopped is not let go on by another, and can be killed where it stands")
    func overlappingFaults() throws {
      let faults = [
        PlannedFault(PauseWorkers(.process(0)), at: .milliseconds(100), for: .milliseconds(200)),
        PlannedFault(PauseWorkers(.process(0)), at: .milliseconds(150), for: .milliseconds(50)),
        PlannedFault(PauseWorkers(.process(1)), at: .milliseconds(100), for: .milliseconds(300)),
        PlannedFault(KillWorkers(.process(1)), at: .milliseconds(150)),
      ]
      let result = try FaultTrial.run(try scenario("redis.lua"), faults)
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      let first = result.events.filter { $0.subject == "pause worker process 0" }
      #expect(first.map(\.kind) == [.injected, .healed, .injected, .healed])
      let second = result.events.filter { $0.subject.contains("worker process 1") }
      #expect(second.map(\.kind) == [.injected, .ended, .injected])
    }

    @Test("what is still paused when the window closes goes on, and drains")
    func pausedToTheEnd() throws {
      let result = try FaultTrial.run(
        try scenario("redis.lua"), [PlannedFault(PauseWorkers(.process(1)), at: .milliseconds(300))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.events.map(\.kind) == [.injected, .healed])
      #expect(result.total[.unknown] == 0)
    }

    @Test("the window of a process that was paused closes with that of the others")
    func pausedWindow() throws {
      let scenario = try scenario("memory.cas") { $0.load.duration = .seconds(2) }
      let result = try FaultTrial.run(
        scenario, [PlannedFault(PauseWorkers(.process(1)), at: .milliseconds(100), for: .milliseconds(1700))])
      FaultTrial.expectCountsAddUp(result)
      // By what it had stood still for, it would be late otherwise.
      #expect((1.9..<3).contains(result.measuredSeconds))
    }

    @Test("a server that does not answer for a while is waited for")
    func pausedServer() throws {
      let result = try FaultTrial.run(
        try scenario("redis.lua"),
        [PlannedFault(PauseService("redis"), at: .milliseconds(200), for: .milliseconds(200))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.fairness.longestWaitNanoseconds > 190_000_000)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("a server that is killed comes back with what it had made durable")
    func killedServer() throws {
      let result = try FaultTrial.run(
        try scenario("postgres.for-update"),
        [PlannedFault(KillService("postgres"), at: .milliseconds(200), for: .milliseconds(10))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.connectionLost] + result.total[.ambiguous] >= 4)
      // What it had counted is gone.
      #expect(result.crossChecks.isEmpty)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("a paused process does not keep an interrupted run")
    func interrupted() throws {
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      defer { for end in ends { close(end) } }
      let scenario = try scenario("redis.lua") { $0.load.duration = .seconds(60) }
      try TestRun.withOwnProgram { program in
        let testbed = try Testbed(scenario, executable: program, interruption: ends[0])
        defer { try? testbed.close() }
        var trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
        trial.faults = [
          PlannedFault(PauseWorkers(.process(0)), at: .zero), PlannedFault(PauseService("redis"), at: .zero),
        ]
        let failure = #expect(throws: EngineFailure.self) {
          try testbed.run(trial) { if $0.elapsed > 0.1 { _ = write(ends[1], "x", 1) } }
        }
        #expect(failure?.kind == .interrupted)
        #expect(TestRun.workerProcesses(of: program).isEmpty)
      }
    }

    @Test("a stopped worker process dies with its driver")
    func killedDriver() throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appendingPathComponent("long.yaml")
      try
        "workload: counter\nstrategies: [memory.cas]\nload: {workers: 2, processes: 2, duration: 20s, repetitions: 1}\n"
        .write(to: file, atomically: true, encoding: .utf8)
      let driver = Process()
      driver.executableURL = URL(fileURLWithPath: TestRun.contend)
      driver.arguments = ["run", file.path, "--quiet", "--out", folder.appendingPathComponent("out").path]
      try driver.run()
      defer { kill(driver.processIdentifier, SIGKILL) }
      var workers: [pid_t] = []
      try waitUntil("two worker processes run") {
        workers = ProcessTable.children(of: driver.processIdentifier)
        return workers.count == 2
      }
      // Neither hears anything but SIGKILL now.
      for worker in workers { kill(worker, SIGSTOP) }
      try waitUntil("both stand") { workers.allSatisfy { ProcessTable.state(of: $0) == "T" } }
      kill(driver.processIdentifier, SIGKILL)
      driver.waitUntilExit()
      try waitUntil("both are gone") { workers.allSatisfy { [nil, "Z"].contains(ProcessTable.state(of: $0)) } }
    }

    /// Cuts all connections to a service: a fault is one file, or a few lines of a test.
    private struct CutConnections: Fault {
      let service: String
      var proxy: CuttingProxy?

      var summary: String { "cut all connections to \(service)" }

      mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure) {
        guard let url = addresses[service] else { throw FaultFailure("the trial does not use \(service)") }
        do { proxy = try CuttingProxy(toSocket: String(url.dropFirst("unix://".count))) } catch {
          throw FaultFailure("\(error)")
        }
        addresses[service] = proxy.map { "redis://127.0.0.1:\($0.port)" }
      }

      mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
        proxy?.cut()
        return true
      }

      mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
        proxy?.stop()
        return false
      }
    }

    @Test("a fault may put itself between workers and servers")
    func cutConnections() throws {
      let result = try FaultTrial.run(
        try scenario("redis.lua"), [PlannedFault(CutConnections(service: "redis"), at: .milliseconds(300))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.reconnects] == 4)
      #expect(result.total[.connectionLost] + result.total[.ambiguous] >= 4)
      #expect(result.events.map(\.kind) == [.injected])
    }

    @Test("a fault that did not fire leaves the trial without a verdict")
    func notFired() throws {
      // The window has closed by then.
      let result = try FaultTrial.run(
        try scenario("memory.cas"), [PlannedFault(PauseWorkers(.holder), at: .seconds(5))])
      #expect(result.failure == "a fault was planned and did not fire: pause the process of a holder")
      #expect(result.verdict == .unknown)
    }

    @Test("what a fault needs and does not have is told before anything starts")
    func obstacles() throws {
      for (fault, words) in [
        (KillWorkers(.process(2)) as any Fault, "cannot kill worker process 2: there are 2"),
        (PauseService("redis"), "cannot pause service redis: redis is not a service of the trial"),
      ] {
        let result = try FaultTrial.run(try scenario("memory.cas"), [PlannedFault(fault, at: .zero)])
        #expect(result.failure?.hasPrefix(words) == true, "\(result.failure ?? "")")
        #expect(result.total[.started] == 0)
      }
    }
  }
}
