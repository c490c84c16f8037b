import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

extension EngineTests {
  /// Connections that are cut while a trial runs: what is told as unknown may have happened, and nothing else.
  @Suite(.serialized) struct ConnectionFaults {
    private func run(
      _ strategy: String, _ fault: any Fault, at start: Duration = .milliseconds(100), for length: Duration? = nil
    ) throws -> TrialResult {
      var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
        $0.load.duration = .milliseconds(800)
        $0.retry.cap = .milliseconds(5)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: nil)?.descriptor)
      let options = strategy == "redis.lock" ? ["ttl": OptionValue.duration(.milliseconds(200))] : [:]
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      let result = try FaultTrial.run(scenario, [PlannedFault(fault, at: start, for: length)])
      #expect(result.failure == nil)
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      #expect(result.verdict == .pass, "\(result.checks)")
      return result
    }

    @Test(
      "when the reply is lost, what was asked for may have happened",
      arguments: [
        ("postgres.for-update", "COMMIT"), ("postgres.atomic", "UPDATE"), ("redis.lua", "EVALSHA"),
        ("redis.watch", "EXEC"),
      ])
    func beforeReply(strategy: String, kind: String) throws {
      let result = try run(
        strategy, CutConnection(strategy.service, at: RequestSelection(.beforeReply, of: kind, .share(0.02))))
      // Not one was noticed that did not happen: the server had done each of them.
      #expect(result.total[.unknown] > 0 || result.total[.ambiguous] > 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test(
      "a request that the server never hears has not happened",
      arguments: [("postgres.for-update", "COMMIT"), ("redis.lua", "EVALSHA"), ("redis.watch", "EXEC")])
    func beforeForwarding(strategy: String, kind: String) throws {
      let result = try run(
        strategy, CutConnection(strategy.service, at: RequestSelection(.beforeForwarding, of: kind, .share(0.02))))
      #expect(result.total[.unknown] > 0 || result.total[.ambiguous] > 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }
  }
}

extension String {
  fileprivate var service: String { String(prefix { $0 != "." }) }
}
