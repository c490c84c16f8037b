import Engine
import Foundation
import Model
import Runtime
import StrategyCatalog
import Testing

/// Trials of a user's own scripts. One after the other: they count what a whole server does.
@Suite(.serialized) enum ScriptTests {}

/// A short trial of scripts through the engine, in worker processes of the built program.
struct ScriptTrial {
  /// The stores that are built in.
  static let stores = ["postgres", "mariadb", "sqlite"].filter {
    StrategyCatalog.entry(id: "\($0).script", over: nil) != nil
  }

  let store: String
  /// Makes the tables.
  var setup: String
  /// Each is a transaction.
  var transactions: [String]
  var invariants: [ScriptSettings.Invariant] = []
  var mode = ScriptSettings.Mode.prepared
  var interval: Duration?
  var options: [String: OptionValue] = [:]
  var workers = 4
  var operations: Int? = 200
  var adjust: (inout Variant) -> Void = { _ in }

  init(_ store: String, setup: String, _ transactions: String...) {
    self.store = store
    self.setup = setup
    self.transactions = transactions
  }

  /// The scenario, on a private server of the store that no other tests use.
  func scenario() throws -> Scenario {
    let named = transactions.enumerated().map { index, text in
      ScriptSettings.Transaction(ScriptSettings.Source(name: "\(index == 0 ? "one" : "two").sql", text: text))
    }
    let settings = ScriptSettings(
      setup: ScriptSettings.Source(name: "setup.sql", text: setup), transactions: named, invariants: invariants,
      mode: mode, interval: interval, store: store)
    var scenario = try TestRun.scenario("script", strategies: ["\(store).script"], workers: workers) { variant in
      variant.workload.script = settings
      if let operations {
        variant.load.duration = nil
        variant.load.operations = operations
        variant.load.warmup = .zero
      }
      (variant.retry.base, variant.retry.cap) = (.microseconds(200), .milliseconds(5))
      adjust(&variant)
    }
    let descriptor = try #require(StrategyCatalog.entry(id: "\(store).script", over: nil)?.descriptor)
    let quick: [String: OptionValue] = store == "sqlite" ? ["synchronous": .word("off")] : [:]
    scenario.strategies[0].options = Options(descriptor.options, stated: options.merging(quick) { stated, _ in stated })
    if store != "sqlite" { scenario.services.locations[store] = .url(try PrivateService.urlApart(store)) }
    return scenario
  }

  /// Runs it, and expects that all counts add up.
  func run(sourceLocation: SourceLocation = #_sourceLocation) throws -> TrialResult {
    let result = try attempt(sourceLocation: sourceLocation)
    FaultTrial.expectCountsAddUp(result, sourceLocation: sourceLocation)
    return result
  }

  /// Runs it, whatever comes of it.
  func attempt(sourceLocation: SourceLocation = #_sourceLocation) throws -> TrialResult {
    try #require(try TestRun.run(scenario()).first, sourceLocation: sourceLocation)
  }
}
