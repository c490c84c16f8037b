internal import Engine
internal import Model
internal import Results
internal import Runtime
internal import ScenarioReader
internal import Services

extension ResultsFolder {
  /// Makes the folder of a scenario that is about to run.
  ///
  /// - Parameters:
  ///   - path: the scenario file, which is kept as it is but for credentials.
  ///   - servers: what the services told of themselves, by name.
  convenience init(
    _ place: Place, _ scenario: Scenario, path: String, plan: [PlannedTrial], program: Environment.Program,
    servers: [String: ServerDescription], endpoints: [Endpoint]
  ) throws {
    let file = Array(ScenarioReader.textWithoutCredentials(try ScenarioReader.text(path: path)).utf8)
    let identity = RunIdentity()
    var services: [String: Environment.Service] = [:]
    for endpoint in endpoints {
      guard let server = servers[endpoint.name] else { continue }
      let location = scenario.services[endpoint.name].redacted
      services[endpoint.name] = Environment.Service(
        version: server.version, location: location, settings: server.settings)
    }
    let environment = EnvironmentProbe.environment(
      of: identity, program: program, scenarioPath: path, scenarioFile: file, services: services)
    try self.init(
      place,
      Description(
        identity: identity, scenario: scenario.name, scenarioFile: file, scripts: scenario.scriptTexts, plan: plan,
        environment: environment))
  }
}

extension Scenario {
  /// All of the user's scripts, each behind a line with its name; nil when there are none.
  fileprivate var scriptTexts: String? {
    var sources: [ScriptSettings.Source] = []
    let stated =
      variants.compactMap(\.workload.script).flatMap { [$0.setup].compactMap { $0 } + $0.transactions.map(\.source) }
      + strategies.flatMap { $0.transactions ?? [] }.map(\.source)
    for source in stated where !sources.contains(source) { sources.append(source) }
    return sources.isEmpty
      ? nil
      : sources.map { "-- \($0.name)\n\($0.text)\($0.text.last?.isNewline == true ? "" : "\n")" }.joined(
        separator: "\n")
  }
}
