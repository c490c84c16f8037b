/// Gathers what `environment.json` states.
public enum EnvironmentProbe {
  /// Looks at the machine and at the scenario's repository; versions and settings of servers come from the caller.
  public static func environment(
    of identity: RunIdentity, program: Environment.Program, scenarioPath: String, scenarioFile: [UInt8],
    services: [String: Environment.Service] = [:]
  ) -> Environment {
    Environment(
      runId: identity.id, startedAt: Timestamp.rfc3339(identity.startedAt), contend: program,
      scenario: Environment.ScenarioSource(
        path: scenarioPath, sha256: SHA256.hexadecimal(of: scenarioFile), git: GitState(ofFile: scenarioPath)),
      machine: Machine(), loadAtStart: MachineLoad(), services: services)
  }
}
