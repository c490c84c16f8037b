/// Where the answer is to be used.
public struct Architecture: Sendable, Equatable {
  /// Processes of the application that work on the same records; nil for as many as were measured.
  public var processes: Int?
  /// Databases over which the records of one operation are spread.
  public var databases: Int
  /// Faults under which a strategy must have been shown to be correct, as ``FaultSummary/names`` has them; when empty,
  /// one that broke under whatever was done is not recommended either.
  public var mustSurvive: [String]
  /// How much longer a round trip to each server takes than where servers are on the same machine; nil for whatever was
  /// measured.
  public var roundTrip: Duration?
  /// Describes an architecture.
  public init(processes: Int? = nil, databases: Int = 1, mustSurvive: [String] = [], roundTrip: Duration? = nil) {
    self.processes = processes
    self.databases = databases
    self.mustSurvive = mustSurvive
    self.roundTrip = roundTrip
  }
}
