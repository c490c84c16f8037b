internal import ArgumentParser
internal import Model
internal import Runs
internal import ScenarioReader
internal import StrategyCatalog

/// A scenario file and the options that change it, as `run` takes them.
struct ScenarioArgument: ParsableArguments {
  @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(
    name: .long, help: ArgumentHelp("Run only this strategy, by id, alias or label; may be repeated.", valueName: "id"))
  var strategy: [String] = []

  @Option(name: .long, help: ArgumentHelp("Numbers of workers, separated by commas.", valueName: "n,n,..."))
  var workers: String?

  @Option(name: .long, help: ArgumentHelp("Length of the measured window, such as 5s.", valueName: "time"))
  var duration: String?

  @Option(name: .long, help: ArgumentHelp("How often each cell is measured.", valueName: "n"))
  var repetitions: String?

  @Option(name: .long, help: ArgumentHelp("Replace a setting of the file; may be repeated.", valueName: "path=value"))
  var set: [String] = []

  /// Reads the file with everything that the command line changes.
  ///
  /// - Parameter further: what other options change.
  func read(further: [Override] = []) throws -> Scenario {
    var overrides = further
    for (path, value) in [("load.workers", workers), ("load.duration", duration), ("load.repetitions", repetitions)] {
      if let value { overrides.append(Override(path: path, value: value)) }
    }
    try ArmOptions.check("set", set)
    overrides += set.compactMap(Override.init(parsing:))
    var scenario = try ScenarioReader(vocabulary: .program).read(path: self.scenario, overrides: overrides)
    try select(from: &scenario)
    return scenario
  }

  /// Keeps only the strategies that the command line names.
  private func select(from scenario: inout Scenario) throws {
    guard !strategy.isEmpty else { return }
    for name in strategy where !scenario.strategies.contains(where: { matches($0, name) }) {
      let labels = scenario.strategies.map(\.label).joined(separator: ", ")
      throw CommandFailure(.usage, "--strategy \(name): the scenario has no such strategy; it has \(labels)")
    }
    scenario.strategies.removeAll { selection in !strategy.contains { matches(selection, $0) } }
  }

  private func matches(_ selection: StrategySelection, _ name: String) -> Bool {
    if selection.label == name || selection.id == name { return true }
    return StrategyCatalog.descriptors.first { $0.id == selection.id }?.aliases.contains(name) ?? false
  }
}
