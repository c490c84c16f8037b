import Engine
import Model
import Runtime
import Testing
import TrialSupport

extension EngineTests {
  /// Streams, their projection, and the read model, through the engine.
  @Suite(.serialized) struct EventSourcing {
    private static let forms = ["postgres.event-append", "postgres.event-stream-row", "postgres.event-category-lock"]

    private func trial(
      _ strategy: String, _ workload: String = "counter", keys: Int = 4, _ options: [String: OptionValue] = [:],
      workers: Int = 8, operations: Int = 400, stated: [String: OptionValue] = [:]
    ) -> EngineTrial {
      var trial = EngineTrial(
        strategy, workload, keys: keys, options, workers: workers, processes: min(2, workers), operations: operations)
      trial.options = stated
      trial.hold = .microseconds(200)
      return trial
    }

    private func conclusion(_ result: TrialResult, _ checker: String) throws -> CheckResult {
      try #require(result.checks.first { $0.checker == checker }, "\(result.checks)")
    }

    /// Streams are whole, and all that was appended was projected once and in order.
    private func expectSound(_ result: TrialResult, crossChecks: Int = 3) throws {
      #expect(result.verdict == .pass, "\(result.checks)")
      let changes = result.total[.committed] - result.total[.committedReads]
      for checker in ["stream-contiguity", "projection"] {
        #expect(try conclusion(result, checker).examined >= changes, "\(checker)")
      }
      #expect(result.crossChecks.count == crossChecks)
      let agrees = result.crossChecks.allSatisfy(\.agrees)
      #expect(agrees, "\(result.crossChecks)")
      #expect(result.total[.projectedEvents] > 0)
    }

    @Test(
      "many streams and operations on two of them: nothing is lost, neither appended nor projected", arguments: forms)
    func sound(form: String) throws {
      let result = try trial(form, keys: 6, stated: ["snapshot-every": .integer(7)]).run()
      try expectSound(result)
      #expect(result.stageNames == ["append", "lag", "wait"])
      let append = try #require(result.phases.stages.first)
      #expect(append.total == UInt64(result.measured[.committed]))
      try expectSound(trial(form, "transfer", keys: 4, ["initial": .integer(20)], workers: 12).run())
    }

    @Test("the naive poller skips events for good, although none of them is missing from its stream")
    func naivePoller() throws {
      for workload in ["counter", "transfer"] {
        let result = try trial("postgres.event-naive-poller", workload).run()
        #expect(try conclusion(result, "stream-contiguity").verdict == .pass)
        #expect(try conclusion(result, "ledger").verdict == .pass)
        let kinds = Set(try conclusion(result, "projection").violations.map(\.kind))
        #expect(kinds.isSuperset(of: [.lostEvent, .divergedProjection]), "\(kinds)")
      }
    }

    @Test("where one writer at a time draws and commits positions, their order may be relied on")
    func naiveBehindLock() throws {
      try expectSound(trial("postgres.event-category-lock", stated: ["poll": .word("naive")]).run())
    }

    @Test("with a lock around it, the projection is finished and judged all the same")
    func surrounded() throws {
      let result = try trial("redis.lock over postgres.event-append", keys: 2, workers: 4, operations: 100).run()
      // What two servers have counted is not compared.
      try expectSound(result, crossChecks: 0)
      #expect(result.total[.conflict] == 0 && result.stageNames == ["append", "lag", "wait"])
    }

    @Test("what a read model says belongs together, and may be old; who asks for it waits for what it wrote itself")
    func readModel() throws {
      let options: [String: OptionValue] = ["fields": .integer(4), "reads": .number(0.5)]
      let slow = ["poll-every": OptionValue.duration(.milliseconds(20))]
      let alone = { (stated: [String: OptionValue]) in
        trial("postgres.event-append", "profile", keys: 1, options, workers: 1, operations: 100, stated: stated)
      }
      let lagging = try alone(slow.merging(["read-model": .flag(true)]) { $1 }).run()
      #expect(Set(lagging.violations.map(\.kind)) == [.staleRead, .notMyOwnWrite], "\(lagging.checks)")
      let waiting = try alone(slow.merging(["read-your-writes": .flag(true)]) { $1 }).run()
      try expectSound(waiting)
      #expect(waiting.total[.polls] > 0)
      #expect(waiting.phases.stages[2].total == UInt64(waiting.measured[.committedReads]))
      #expect(try conclusion(waiting, "answers-within-checkpoint").verdict == .pass)
      let together = try trial(
        "postgres.event-stream-row", "profile", keys: 2, options, workers: 8, stated: ["read-model": .flag(true)]
      ).run()
      #expect(try conclusion(together, "consistent-reads").verdict == .pass, "\(together.checks)")
    }

    @Test("who waits for a projection that does not come gives up")
    func noProjection() throws {
      var trial = trial(
        "postgres.event-append", "profile", keys: 1, ["reads": .number(0.5)], workers: 2, operations: 20,
        stated: [
          "read-your-writes": .flag(true), "poll-every": .duration(.seconds(60)),
          "wait-limit": .duration(.milliseconds(2)),
        ])
      trial.adjust = { $0.retry.attempts = 2 }
      let result = try trial.run()
      #expect(result.total[.notAcquired] > 0 && result.total[.gaveUp] > 0)
      #expect(try conclusion(result, "projection").verdict == .pass, "what is left is projected in the end")
    }

    private func scenario(_ form: String) throws -> Scenario {
      var trial = trial(form)
      trial.adjust = {
        ($0.load.operations, $0.load.duration) = (nil, .milliseconds(1200))
        $0.retry.cap = .milliseconds(5)
      }
      return try trial.scenario()
    }

    @Test("the process with the projection is killed, and its successor goes on from the checkpoint", arguments: forms)
    func killedProjector(form: String) throws {
      let kill = PlannedFault(KillWorkers(.process(0), restarts: true), at: .milliseconds(300), for: .milliseconds(200))
      let result = try FaultTrial.run(try scenario(form), [kill])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed])
      #expect(try conclusion(result, "projection").examined >= result.total[.committed])
    }

    @Test("nobody projects any more: the driver does so after the trial")
    func abandonedProjection() throws {
      let kill = PlannedFault(KillWorkers(.process(0)), at: .milliseconds(300))
      let result = try FaultTrial.run(try scenario("postgres.event-append"), [kill])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      let projection = try conclusion(result, "projection")
      #expect(projection.examined > result.total[.projectedEvents])
    }

    @Test("sessions of workers and projection are ended, and all go on", arguments: forms)
    func endedSessions(form: String) throws {
      let faults = [200, 500, 800].map { PlannedFault(EndSession("postgres", .all), at: .milliseconds($0)) }
      let result = try FaultTrial.run(try scenario(form), faults)
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      // Eight workers and the projection, three times.
      #expect(result.total[.reconnects] > 24)
      #expect(try conclusion(result, "projection").examined >= result.total[.committed])
    }

    @Test("a read model that is ahead of its checkpoint is noticed by those who read it")
    func planted() throws {
      let database = try PrivateDatabase()
      defer { database.drop() }
      var planned = false
      var trial = trial(
        "postgres.event-append", "profile", keys: 2, ["reads": .number(0.5)], stated: ["read-model": .flag(true)])
      trial.urls = ["postgres": database.url]
      trial.adjust = { ($0.load.operations, $0.load.duration) = (nil, .milliseconds(1200)) }
      let result = try trial.run { view in
        guard !planned, view.elapsed > 0.3 else { return }
        planned = true
        database.corrupt("UPDATE read_model SET position = position + 1000000000")
      }
      #expect(planned && result.total[.answersAhead] > 0)
      #expect(try conclusion(result, "answers-within-checkpoint").violations.map(\.kind) == [.answerAhead])
    }
  }
}
