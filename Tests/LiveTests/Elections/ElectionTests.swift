import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Leaders in processes of their own that resign, are killed and are paused.
  @Suite(.serialized) struct Elections {
    @Test("an office that is given back passes to others, and every effect is there")
    func givenBack() throws {
      let electorate = Electorate(
        [.lease(["release-on-cancel": .flag(true)]), .redis(), .advisory] + Way.services, effects: 5,
        duration: .milliseconds(400))
      try electorate.trials { index, trial in
        let way = electorate.ways[index].lock
        // Whoever leads next has waited, and so have the stages counted.
        let result = try repeated(until: { $0.phases.stages[1].total > 0 && $0.leaders > 1 }) { try trial([]) }
        #expect(result.failure == nil && result.verdict == .pass, "\(way): \(result.failure ?? "") \(result.checks)")
        #expect(result.total[.overlaps] == 0 && result.total[.unknown] == 0, "\(way)")
        #expect(result.stageNames == ["candidacy", "handover", "term"])
        #expect(result.phases.stages.dropLast().allSatisfy { $0.total > 0 } && result.leaders > 1, "\(way)")
      }
    }

    @Test("when a leader is lost another one leads; what the loser and those who bully do to the record is found")
    func lost() throws {
      let fenced: [String: OptionValue] = [Fence.optionName: .word(Fence.write.rawValue)]
      let ways = [Way.lease(), .advisory, .bully, .lease(), .redis(fenced)]
      let checks = [killed, killed, bullied, paused, pausedWithTerms]
      try Electorate(ways, duration: .milliseconds(1300)).trials { index, trial in
        FaultTrial.expectCountsAddUp(try checks[index](trial))
      }
    }

    private typealias Trial = ([PlannedFault]) throws -> TrialResult
    private var kill: PlannedFault { PlannedFault(KillWorkers(.holder), at: .milliseconds(100)) }
    private var pause: PlannedFault {
      PlannedFault(PauseWorkers(.holder), at: .milliseconds(100), for: .milliseconds(900))
    }

    /// Every acknowledged effect is there.
    private func killed(_ trial: Trial) throws -> TrialResult {
      let result = try repeated(until: { $0.faults.first?.takeoverSeconds != nil }) { try trial([kill]) }
      #expect(result.verdict == .pass, "\(result.strategyID): \(result.checks)")
      #expect(result.faults.first?.takeoverSeconds != nil && result.leaders > 1, "\(result.strategyID)")
      #expect(result.turns.count > 1 && result.turns.allSatisfy { $0.endedSecond != nil }, "\(result.turns)")
      return result
    }

    /// Candidates that overwrite a row because its leader is dead do so together, and lose effects.
    private func bullied(_ trial: Trial) throws -> TrialResult {
      let result = try repeated(until: { $0.verdict == .violation }) { try trial([kill]) }
      #expect(result.violations.contains { $0.kind == .lostUpdate } && result.total[.overlaps] > 0, "\(result.checks)")
      return result
    }

    /// Who is paused for longer than its lease writes over its successor.
    private func paused(_ trial: Trial) throws -> TrialResult {
      let result = try repeated(until: { $0.total[.staleEffectsAttempted] > 0 }) { try trial([pause]) }
      #expect(result.total[.staleEffectsAccepted] > 0)
      #expect(result.violations.contains { $0.kind == .staleEffect }, "\(result.checks)")
      return result
    }

    /// A store that compares terms takes none of that.
    private func pausedWithTerms(_ trial: Trial) throws -> TrialResult {
      let result = try repeated(until: { $0.total[.staleEffectsAttempted] > 0 }) { try trial([pause]) }
      #expect(result.total[.staleEffectsAttempted] > 0 && result.total[.leaseLost] > 0)
      #expect(result.total[.staleEffectsAccepted] == 0)
      #expect(result.verdict == .pass, "\(result.checks)")
      return result
    }
  }
}

/// A way to elect, with a lease of 600 ms where it has one of its own.
private struct Way: Sendable {
  let lock: String
  var options: [String: OptionValue] = [:]

  static func lease(_ options: [String: OptionValue] = [:]) -> Way {
    Way(lock: "postgres.lease", options: options.merging(["scale": .number(0.04)]) { $1 })
  }
  static func redis(_ options: [String: OptionValue] = [:]) -> Way {
    let own: [String: OptionValue] = ["ttl": .duration(.milliseconds(600)), "renew": .flag(true)]
    return Way(lock: "redis.lock", options: options.merging(own) { $1 })
  }
  static let advisory = Way(lock: "postgres.advisory-lock")
  /// Nobody overwrites the row before all have found it too old.
  static let bully = Way(
    lock: "postgres.bully",
    options: [
      "heartbeat": .duration(.milliseconds(100)), "expiry": .duration(.milliseconds(600)),
      "delay": .duration(.milliseconds(150)),
    ])
  /// Those that this program knows; their own leases last for seconds.
  static let services = [
    Way(lock: "etcd.lock"),
    Way(lock: "etcd.lease-record", options: ["scale": .number(0.04), "release-on-cancel": .flag(true)]),
    Way(lock: "zookeeper.lock"),
  ].filter { StrategyCatalog.descriptor(named: $0.lock) != nil }

  /// Over records in PostgreSQL, whatever elects.
  func selection() throws -> StrategySelection {
    let own = try #require(StrategyCatalog.entry(id: lock, over: nil)?.descriptor.store)
    let over = own == "postgres" ? nil : "postgres"
    let descriptor = try #require(StrategyCatalog.entry(id: lock, over: over)?.descriptor)
    var selection = StrategySelection(id: lock, options: Options(descriptor.options, stated: options))
    selection.over = over
    return selection
  }
}

/// Three candidates, each a process, and ways to elect that are tried one after the other on the same servers.
private struct Electorate {
  let ways: [Way]
  var effects = 0
  let duration: Duration

  init(_ ways: [Way], effects: Int = 0, duration: Duration) {
    self.ways = ways
    self.effects = effects
    self.duration = duration
  }

  /// Calls a body with the position of each way and what runs a trial of it, in an order of the plan's.
  func trials(_ body: (Int, ([PlannedFault]) throws -> TrialResult) throws -> Void) throws {
    var scenario = try TestRun.scenario(
      "election", options: ["effects": .integer(effects), "away": .duration(.milliseconds(20))],
      strategies: [], workers: 3
    ) {
      $0.load.processes = 3
      $0.load.duration = duration
      $0.workload.hold = .milliseconds(5)
      $0.retry.cap = .milliseconds(20)
    }
    for (index, way) in ways.enumerated() {
      var selection = try way.selection()
      selection.label = "\(index)"
      scenario.strategies.append(selection)
    }
    let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
    defer { try? testbed.close() }
    for planned in Plan(scenario).trials {
      try body(try #require(Int(planned.cell.strategy))) { faults in
        var trial = try ResolvedTrial(planned, of: scenario)
        trial.faults = faults
        return try testbed.run(trial, onProgress: { _ in })
      }
    }
  }
}

extension TrialResult {
  /// Workers that have led.
  fileprivate var leaders: Int { fairness.committed.count { $0 > 0 } }
}
