import Engine
import Hosts
import Model

/// How the hosts of tests come together.
enum HostTrials {
  static func settings(_ starter: FleetSettings.Starter) -> FleetSettings {
    FleetSettings(
      starter, token: RunToken.random(), build: HostBuild.description(version: "0.1.0"), path: TestRun.contend,
      allowsOtherBuild: true
    ) { _ in }
  }
}
