/// One combination of the values that a scenario sweeps, with every setting resolved: what would be a scenario of its
/// own if it had been written down.
public struct Variant: Sendable, Equatable, Codable {
  /// The swept settings as the file writes them, such as `keys=16, hold=1ms`; empty when nothing is swept. Unique in a
  /// scenario.
  public var name: String
  /// The shared resource and what is done with it.
  public var workload: WorkloadSettings
  /// How many workers, for how long.
  public var load: LoadSettings
  /// What happens after an attempt that failed.
  public var retry: RetryPolicy
  /// How far away services seem to be, by name; those that are not named are where they are.
  public var distances: [String: Distance]
  /// Makes a variant.
  public init(
    name: String = "", workload: WorkloadSettings, load: LoadSettings, retry: RetryPolicy,
    distances: [String: Distance] = [:]
  ) {
    self.name = name
    self.workload = workload
    self.load = load
    self.retry = retry
    self.distances = distances
  }
}

/// A setting that a scenario sweeps.
public struct SweptSetting: Sendable, Equatable, Codable {
  /// Its path in the file: `workload.keys`.
  public var path: String
  /// Its values as the file writes them, in that order.
  public var values: [String]
  /// Makes a setting.
  public init(path: String, values: [String]) {
    self.path = path
    self.values = values
  }
}
