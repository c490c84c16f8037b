import Checking
import Engine
import Foundation
import Model
import Testing

/// What levels of isolation let through, as transactions over lists show it: what the tables of Hermitage and of Adya say
/// of each database.
@Suite(.serialized) struct ListAppendTests {
  /// A level, and the anomalies that must be found if one looks long enough; none but those that may be are.
  struct Level {
    let strategy: String
    var options: [String: OptionValue] = [:]
    var workload: [String: OptionValue] = [:]
    var grade = Grade.forbidden
    var shows: Set<Violation.Kind> = []
    var mayShow: Set<Violation.Kind> = []
  }

  private static let serializable: [String: OptionValue] = ["isolation": .word("serializable")]
  private static let unordered: [String: OptionValue] = ["ordered": .flag(false), "length": .integer(8)]
  private static let all = Set(Violation.Kind.anomalies.prefix(7))

  private static let levels = [
    Level(strategy: "postgres.none", grade: .required, shows: [.g0, .g1c, .g2Item], mayShow: all),
    Level(strategy: "postgres.read-committed", shows: [.gSingle, .g2Item], mayShow: [.internalInconsistency]),
    // The planted fault: it promises less than it is asked for.
    Level(
      strategy: "postgres.read-committed", workload: serializable, grade: .interesting, shows: [.gSingle],
      mayShow: [.g2Item, .internalInconsistency]),
    Level(strategy: "postgres.repeatable-read", shows: [.g2Item]),
    Level(strategy: "postgres.serializable"), Level(strategy: "postgres.for-update"),
    Level(strategy: "mariadb.none", grade: .required, shows: [.g0, .g1c, .g2Item], mayShow: all),
    Level(
      strategy: "mariadb.read-uncommitted", shows: [.intermediateRead, .g1c, .gSingle],
      mayShow: [.abortedRead, .g2Item, .internalInconsistency]),
    Level(strategy: "mariadb.read-committed", shows: [.gSingle, .g2Item], mayShow: [.internalInconsistency]),
    Level(strategy: "mariadb.repeatable-read", shows: [.gSingle, .g2Item], mayShow: [.internalInconsistency]),
    Level(
      strategy: "mariadb.repeatable-read", workload: serializable, grade: .interesting, shows: [.gSingle],
      mayShow: [.g2Item, .internalInconsistency]),
    Level(strategy: "mariadb.serializable"), Level(strategy: "mariadb.for-update", workload: unordered),
    // With one writer at a time, circles of writes are rare.
    Level(strategy: "sqlite.none", grade: .required, shows: [.g2Item], mayShow: all),
    Level(strategy: "sqlite.deferred", workload: unordered), Level(strategy: "sqlite.immediate"),
  ]

  private static func scenario(_ level: Level, adjust: (inout Variant) -> Void = { _ in }) throws -> Scenario {
    var scenario = try TestRun.scenario(
      "list-append", keys: 3, options: level.workload, strategies: [level.strategy], workers: 6, adjust: adjust)
    let options = scenario.strategies[0].options.values.merging(level.options) { $1 }
    scenario.strategies[0].options = Options([], stated: options)
    return scenario
  }

  private static func resolved(_ scenario: Scenario) throws -> ResolvedTrial {
    try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
  }

  /// Longer than any machine needs; the first trial shows everything as a rule.
  private static let mostTrials = 20

  @Test(
    "a level shows what it lets through and nothing else, and what it promises to prevent is a violation",
    arguments: ["postgres", "mariadb", "sqlite"])
  func levels(database: String) throws {
    let levels = Self.levels.filter { $0.strategy.hasPrefix(database) }
    let testbed = try Testbed(Self.scenario(levels[0]), executable: TestRun.contend, interruption: -1)
    defer { try? testbed.close() }
    for level in levels {
      let trial = try Self.resolved(
        Self.scenario(level) { variant in
          variant.load.duration = .milliseconds(250)
          variant.load.warmup = .milliseconds(10)
        })
      var seen: Set<Violation.Kind> = []
      for _ in 0..<Self.mostTrials {
        let result = try testbed.run(trial)
        expectWhole(result, level)
        seen.formUnion(kinds(result, level))
        if seen.isSuperset(of: level.shows) { break }
      }
      #expect(seen.isSuperset(of: level.shows), "\(level.strategy): \(seen)")
      #expect(seen.isSubset(of: level.shows.union(level.mayShow)), "\(level.strategy): \(seen)")
    }
  }

  /// No append is missing at the end, and everything was judged.
  private func expectWhole(_ result: TrialResult, _ level: Level) {
    let checks = Dictionary(result.checks.map { ($0.checker, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(result.failure == nil, "\(level.strategy): \(result.failure ?? "")")
    #expect(Set(checks.keys) == ["list-append", "ledger"] && result.grade == level.grade)
    #expect(checks["ledger"]?.verdict == .pass, "\(level.strategy): \(result.checks)")
    #expect(result.total[.unknown] > 0 || checks["list-append"]?.examined == result.total[.committed])
  }

  /// What was found, where it belongs: among the violations of who is asked for more than it keeps, else among what is
  /// allowed.
  private func kinds(_ result: TrialResult, _ level: Level) -> Set<Violation.Kind> {
    let allowed = Set(result.checks.flatMap(\.allowed).map(\.kind))
    let violations = Set(result.violations.map(\.kind))
    if level.grade == .forbidden {
      #expect(result.verdict == .pass, "\(level.strategy): \(result.checks)")
      return allowed
    }
    #expect(allowed.isEmpty)
    return violations
  }

  #if MariaDB
  @Test("MariaDB with checked snapshots lets write skew through only, or says that it has none")
  func checkedSnapshots() throws {
    let level = Level(strategy: "mariadb.repeatable-read", options: ["snapshot-isolation": .flag(true)])
    let result = try #require(try TestRun.run(Self.scenario(level)).first)
    if let failure = result.failure {
      #expect(failure.contains("innodb_snapshot_isolation"))
    } else {
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(Set(result.checks.flatMap(\.allowed).map(\.kind)).isSubset(of: [.g2Item]))
    }
  }
  #endif

  @Test("a history that is written says what the trial was judged by", arguments: ["sqlite.none", "sqlite.immediate"])
  func written(strategy: String) throws {
    let scenario = try Self.scenario(Level(strategy: strategy)) { variant in
      variant.load.duration = nil
      variant.load.operations = 600
      variant.load.warmup = .zero
      variant.load.processes = 2
      // Between reads and writes, so that all of them meet.
      variant.workload.hold = .microseconds(300)
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("history-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
    defer { try? testbed.close() }
    let result = try testbed.run(Self.resolved(scenario), histories: folder.path)
    let name = try #require(result.history, "\(result.failure ?? "")").name
    let lines = try Data(contentsOf: folder.appendingPathComponent(name + ".jsonl"))
    let events = try Data(contentsOf: folder.appendingPathComponent(name + ".edn"))
    let own = try #require(result.checks.first { $0.checker == "list-append" })
    #expect(own.verdict == (strategy == "sqlite.none" ? .violation : .pass))
    for history in [try HistoryLineReader.read(Array(lines)), try EDNReader.read(Array(events))] {
      #expect(history.operations.count >= 600 && history.operations.allSatisfy { $0.function == .txn })
      let checkers = HistoryJudge().checkers(for: history)
      #expect(checkers.map(\.name) == ["list-append"])
      let judged = checkers[0].check(history).result
      #expect(judged.verdict == own.verdict && judged.examined == own.examined)
      #expect(Set(judged.violations.map(\.kind)) == Set(own.violations.map(\.kind)))
    }
  }
}
