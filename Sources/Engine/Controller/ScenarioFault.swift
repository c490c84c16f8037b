public import Model

/// A fault that scenarios can state.
public protocol ScenarioFault: Fault {
  /// Its name there, what it takes, and what it does.
  static var descriptor: FaultDescriptor { get }

  /// The fault as a scenario states it, for one trial. Its settings have been checked against the descriptor.
  init(_ settings: FaultSettings, in trial: ResolvedTrial)
}

extension FaultSettings {
  /// The service that the scenario names, or the first one that the strategy needs.
  func service(in trial: ResolvedTrial) -> String { service ?? trial.services.first ?? "" }
}
