public import Model

/// Reads scenario files: composes the YAML, decodes each part, checks the parts against each other, and tells all
/// problems at once.
public struct ScenarioReader: Sendable {
  let vocabulary: Vocabulary

  /// Makes a reader for the workloads and strategies of a vocabulary.
  public init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Reads a file.
  ///
  /// - Throws: everything that is wrong with it, from the unreadable file to the expectation that fits no strategy.
  public func read(path: String, overrides: [Override] = []) throws(ScenarioProblems) -> Scenario {
    try read(text: Self.text(path: path), path: path, overrides: overrides)
  }

  /// The text of a scenario file, as it is copied beside the results.
  ///
  /// - Throws: one problem, when the file cannot be read, is too large or is not UTF-8.
  public static func text(path: String) throws(ScenarioProblems) -> String {
    do throws(SourceFile.Failure) {
      return try SourceFile.text(of: path)
    } catch {
      throw ScenarioProblems([Problem(path: path, place: error.place, message: error.message)])
    }
  }

  /// Reads a text. The path names it in messages and, without a `name`, the scenario.
  ///
  /// - Throws: everything that is wrong with the text and with the overrides.
  public func read(text: String, path: String, overrides: [Override] = []) throws(ScenarioProblems) -> Scenario {
    var diagnostics = Diagnostics(path: path, leavesFilesUnread: !vocabulary.findsFiles)
    let scenario = scenario(text: text, overrides: overrides, &diagnostics)
    guard let scenario, diagnostics.problems.isEmpty else { throw ScenarioProblems(diagnostics.problems) }
    return scenario
  }

  /// The scenario as far as it could be read; nil when there is nothing that could be run.
  private func scenario(text: String, overrides: [Override], _ diagnostics: inout Diagnostics) -> Scenario? {
    guard text.utf8.count <= SourceFile.maximumBytes else {
      diagnostics.report(.file, nil, SourceFile.tooLarge)
      return nil
    }
    guard var root = Document.root(of: text, &diagnostics) else { return nil }
    for override in overrides { override.apply(to: &root, &diagnostics) }
    Self.sweepRates(&root, &diagnostics)
    let sweep = SweepSection.read(root.remove("sweep"), vocabulary, &diagnostics)
    var readings: [(scenario: Scenario?, problems: [Problem])] = []
    for combination in sweep.combinations {
      var inner = diagnostics.restarted()
      let scenario = variant(combination, of: sweep, root, &inner)
      readings.append((scenario, inner.problems))
    }
    diagnostics.add(sweep.attributed(readings.map(\.problems)))
    sweep.checkDistinct(
      readings.map { sweep.hasGoodValues($0.problems) ? $0.scenario?.variants.first : nil }, &diagnostics)
    guard diagnostics.problems.isEmpty, let first = readings.first?.scenario else { return nil }
    var scenario = first
    scenario.sweep = sweep.settings
    scenario.variants = readings.compactMap(\.scenario).flatMap(\.variants)
    sweep.checkTrials(of: scenario, &diagnostics)
    return scenario
  }

  /// `load.rate: [1000/s, 2000/s]` climbs a staircase: it is short for a sweep of `load.rate`.
  private static func sweepRates(_ root: inout YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let load = root.entries?.first(where: { $0.key == "load" }),
      let rate = load.value.entries?.first(where: { $0.key == "rate" }), case .sequence = rate.value.content
    else { return }
    let swept = root.entries?.first { $0.key == "sweep" }?.value.entries?.first { $0.key == "load.rate" }
    if let swept {
      diagnostics.report(swept.place, "sweep", "load.rate is a list already; state its values in one of the two places")
    }
    root.removeEntries(of: "load") { $0.key == "rate" }
    if swept == nil { root.set(["sweep", "load.rate"], to: rate.value, at: rate.place, &diagnostics) }
  }

  /// One variant, read as a scenario of its own; nil when there is nothing that could be run.
  private func variant(
    _ combination: Sweep.Combination, of sweep: Sweep, _ root: YAMLNode, _ diagnostics: inout Diagnostics
  ) -> Scenario? {
    var root = root
    sweep.apply(combination, to: &root, &diagnostics)
    guard let values = RootSection.read(root, &diagnostics) else { return nil }

    let name = values["name"].flatMap { RootSection.name.read($0, Subject("name"), &diagnostics) }
    let workload = values["workload"].flatMap { WorkloadSection.read($0, vocabulary, &diagnostics) }
    let load = LoadSection.read(values["load"], &diagnostics)
    let retry = RetrySection.read(values["retry"], &diagnostics)
    let beforeStrategies = diagnostics.problems.count
    var strategies = values["strategies"].map { StrategySection.read($0, vocabulary, &diagnostics) } ?? []
    if let expect = values["expect"] {
      let isComplete = diagnostics.problems.count == beforeStrategies && values["strategies"] != nil
      ExpectSection.apply(expect, to: &strategies, isComplete: isComplete, vocabulary, &diagnostics)
    }
    var services = ServiceSection.read(values["services"], vocabulary, &diagnostics)
    let faults = FaultSection.read(values["faults"], vocabulary, &diagnostics)
    let gate = GateSection.read(values["gate"], &diagnostics)
    CrossChecks(vocabulary: vocabulary, workload: workload, load: load, strategies: strategies)
      .report(to: &diagnostics)
    ScriptChecks.report(workload, strategies, &diagnostics)

    guard let workload else { return nil }
    for strategy in strategies {
      for service in strategy.selection.services(of: strategy.descriptor, shards: workload.settings.shards)
      where services.settings.locations[service] == nil { services.settings.locations[service] = .managed }
    }
    let variant = Variant(
      name: sweep.name(of: combination), workload: workload.settings, load: load.value, retry: retry,
      distances: services.distances(of: vocabulary.services))
    var scenario = Scenario(
      name: name ?? RootSection.defaultName(path: diagnostics.path), sweep: [], variants: [variant],
      strategies: strategies.map(\.selection), services: services.settings, gate: gate)
    scenario.faults = faults.map(\.settings)
    if diagnostics.problems.isEmpty {
      for problem in vocabulary.faultProblems(scenario) {
        diagnostics.report(faults[problem.fault].place, "faults.\(problem.fault)", problem.message)
      }
      for problem in vocabulary.hostProblems(scenario) {
        diagnostics.report(load.stated["hosts"]?.place ?? .file, "load.hosts", problem)
      }
    }
    return scenario
  }
}
