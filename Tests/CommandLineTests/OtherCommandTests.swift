import Foundation
import Testing

/// The subcommands that measure nothing.
@Suite struct OtherCommandTests {
  @Test func everyCommittedScenarioIsValid() throws {
    try withFolder { folder in
      let scenarios = CommandLine.root.appendingPathComponent("scenarios")
      let names = scenarios.content().filter { $0.hasSuffix(".yaml") }
      #expect(names.count >= 3)
      for name in names {
        let run = try CommandLine.run("validate", scenarios.appendingPathComponent(name).path, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let again = try folder.scenario(run.output)
        #expect(try CommandLine.run("validate", again, in: folder).output == run.output, "the output reads back")
      }
    }
  }

  @Test(arguments: ["README.md", "Sources/contend/Documentation.docc/Scenarios.md"])
  func theScenarioOfAPageIsValid(page: String) throws {
    let text = try String(contentsOf: CommandLine.root.appendingPathComponent(page), encoding: .utf8)
    let scenario = try #require(text.firstMatch(of: /```yaml\n(?s:(.*?))```/)?.1)
    try withFolder { folder in
      let run = try CommandLine.run("validate", folder.scenario(String(scenario)), in: folder)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func theSchemaForEditorsIsInStep() throws {
    try withFolder { folder in
      let schema = try CommandLine.run("validate", "--schema", in: folder).output
      let committed = CommandLine.root.appendingPathComponent("scenarios/scenario.schema.json")
      #expect(
        try schema == String(contentsOf: committed, encoding: .utf8),
        "refresh it: scripts/contend validate --schema > scenarios/scenario.schema.json")
    }
  }

  @Test func aStrategyWithoutTransactionsOverListsIsRefusedWithThoseThatHaveThem() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        "workload: {kind: list-append, keys: 4}\nload: {workers: 2}\nstrategies: [postgres.atomic, redis.lock]\n")
      let run = try CommandLine.run("validate", file, in: folder)
      #expect(run.status == 65)
      #expect(
        run.errors.contains(
          "strategy postgres.atomic cannot run workload list-append: it has no transactions over lists; use postgres."))
      #expect(
        run.errors.contains("strategy redis.lock cannot run workload list-append: it has no transactions over lists"))
      #expect(run.errors.contains("postgres.serializable, "))
      let explained = try CommandLine.run("explain", "postgres.repeatable-read", in: folder).output
      #expect(explained.contains("transactions over lists (workload list-append): promises snapshot-isolation\n"))
    }
  }

  @Test func theControlsFireInTheField() throws {
    try withFolder { folder in
      let tested = try CommandLine.run("selftest", "--backend", "memory", in: folder)
      #expect(tested.status == 0, "\(tested.output)")
      for workload in ["counter", "stock", "seats", "transfer", "profile", "on-call", "order"] {
        let line = tested.output.split(separator: "\n").first { $0.contains(" \(workload) ") }
        #expect(line?.contains("fires") == true, "\(workload): \(line ?? "no line")")
      }
      #expect(try CommandLine.run("selftest", "--backend", "oracle", in: folder).status == 64)
    }
  }

  #if DynamoDB
  @Test func aControlWhoseServerCannotBeHadIsNotRunAndNoFailure() throws {
    try withFolder { folder in
      // Nobody can start DynamoDB on a machine of their own, and the self-test takes no URL.
      let tested = try CommandLine.run("selftest", "--backend", "memory", "--backend", "dynamodb", in: folder)
      #expect(tested.status == 0, "\(tested.errors)")
      let line = tested.output.split(separator: "\n").first { $0.hasPrefix("dynamodb.none") }
      #expect(line?.contains(" not run  cannot start a service 'dynamodb'") == true, "\(line ?? "no line")")
      #expect(tested.output.contains(" fires "))
      let nothing = try CommandLine.run("selftest", "--backend", "dynamodb", in: folder)
      #expect(nothing.status == 3, "\(nothing.output)")
      #expect(nothing.errors.contains("no control could run"))
    }
  }
  #endif

  @Test func listAndExplainKnowEveryStrategy() throws {
    try withFolder { folder in
      let list = try CommandLine.run("list", in: folder)
      #expect(list.status == 0)
      let ids = list.output.matches(of: #/^  ([a-z]+\.[a-z-]+) /#.anchorsMatchLineEndings()).map { String($0.output.1) }
      #expect(ids.count >= 20)
      for id in ids {
        let explained = try CommandLine.run("explain", id, in: folder)
        #expect(explained.status == 0 && explained.output.hasPrefix("\(id): "))
        #expect(id.hasPrefix("floor.") || explained.output.contains("\nGuarantees: "), "\(explained.output)")
      }
      for alias in ["mutex", "cas", "db-pessimistic", "db-optimistic", "redis-lock", "advisory-lock"] {
        #expect(try CommandLine.run("explain", alias, in: folder).status == 0)
      }
      #expect(try CommandLine.run("explain", "nonsense", in: folder).status == 64)
      #expect(try CommandLine.run("--version", in: folder).status == 0)
      #expect(try CommandLine.run("--help", in: folder).output.contains("contend"))
    }
  }

  @Test func doctorMeasuresEveryFloor() throws {
    try withFolder { folder in
      let run = try CommandLine.run("doctor", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("CLOCK_MONOTONIC"))
      #expect(run.output.contains("PostgreSQL"))
      let servers = run.output.split(separator: "\n").drop { $0 != "servers" }.dropFirst().prefix { $0.hasPrefix("  ") }
      #expect(servers.count { $0.hasPrefix("  Redis: ") } == 1, "\(servers)")
      #expect(Set(servers).count == servers.count)
    }
  }
}
