import Engine
import Model
import Runtime
import Services
import StrategyCatalog
import Testing

@testable import RedisStrategies

/// A run over many backends is not ended by one of them.
@Suite(.serialized) struct RunContinuesTests {
  @Test("every strategy of every backend runs in one scenario")
  func everyStrategy() throws {
    // Those that leave locks behind on purpose wait a second each time.
    let strategies = StrategyCatalog.descriptors.filter {
      !$0.id.hasPrefix("floor.") && $0.covers(.singleKey) && $0.id != "external.records"
    }
    let backends = Set(strategies.flatMap { $0.services(over: nil) })
    #expect(backends.count >= 2 && strategies.count >= 40)
    var scenario = try TestRun.scenario(
      "stock", keys: 4, options: ["initial": .integer(100_000)], strategies: strategies.map(\.id)
    ) { variant in
      variant.load.duration = .milliseconds(100)
      variant.load.warmup = .zero
      variant.load.drain = .milliseconds(500)
    }
    #if DynamoDB
    scenario.services.locations["dynamodb"] = .url(try DynamoDBEmulator.url)
    #endif
    let results = try TestRun.run(scenario)
    #expect(results.count == strategies.count)
    for result in results {
      #expect(result.failure == nil, "\(result.strategyID): \(result.failure ?? "")")
      #expect(result.total[.started] > 0, "\(result.strategyID)")
      if result.grade == .forbidden { #expect(result.verdict != .violation, "\(result.strategyID): \(result.checks)") }
    }
  }

  /// Stops the Redis of its run while the first trial goes on.
  private struct Saboteur: RunObserver {
    var results: [TrialResult] = []
    private var redis = ""
    private var isDone = false

    mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) {
      redis = endpoints.first { $0.name == "redis" }?.url ?? ""
    }
    mutating func willRun(_ trial: PlannedTrial) {
      guard !isDone, trial.position == 3 else { return }
      isDone = true
      // The answer is the end of the connection.
      _ = try? RedisServer.connect(redis).command(["SHUTDOWN", "NOSAVE"])
    }
    mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) {}
    mutating func didRun(_ result: TrialResult) { results.append(result) }
  }

  @Test("the end of one server fails the trials that need it, and no other")
  func deadServer() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["redis.lua", "memory.mutex", "postgres.atomic"]) {
      $0.load.repetitions = 4
      $0.load.duration = .milliseconds(100)
    }
    var saboteur = Saboteur()
    try Run(scenario, executable: TestRun.contend, interruption: -1).execute(&saboteur)
    #expect(saboteur.results.map(\.position) == Array(1...12))
    for result in saboteur.results {
      let isHit = result.strategyID == "redis.lua" && result.position >= 3
      #expect((result.failure != nil) == isHit, "\(result.position) \(result.strategyID): \(result.failure ?? "")")
      if isHit { #expect(result.failure?.hasPrefix("redis ended by itself") == true, "\(result.failure ?? "")") }
    }
    #expect(saboteur.results.count { $0.failure != nil } >= 3)
    #expect(RunConclusion(CellSummary.summaries(of: saboteur.results)) == .inconclusive)
  }

  @Test("who may not write is told before anything is measured")
  func notAllowed() throws {
    let (pool, url) = try IdleSessionTests.server("redis")
    defer { pool.stop() }
    _ = try RedisServer.connect(url).command(
      ["ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-@write"])
    var scenario = try TestRun.scenario("counter", strategies: ["memory.mutex", "redis.lua"])
    scenario.services.locations["redis"] = .url(url.replacing("unix://", with: "unix://reader:secret@"))
    var observer = TestRun()
    let failure = #expect(throws: EngineFailure.self) {
      try Run(scenario, executable: TestRun.contend, interruption: -1).execute(&observer)
    }
    #expect(failure?.kind == .serviceUnavailable && observer.results.isEmpty)
    #expect(failure?.message.contains("NOPERM") == true, "\(failure?.message ?? "")")
  }
}
