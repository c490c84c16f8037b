/// Where the answer is to be used.
public struct Architecture: Sendable, Equatable {
  /// Processes of the application that work on the same records; nil for as many as were measured.
  public var processes: Int?
  /// Databases over which the records of one operation are spread.
  public var databases: Int
  /// Faults under which a strategy must have been shown to be correct, as ``FaultSummary/names`` has them; when empty,
  /// one that broke under whatever was done is not recommended either.
  public var mustSurvive: [String]
  /// Describes an architecture.
  public init(processes: Int? = nil, databases: Int = 1, mustSurvive: [String] = []) {
    self.processes = processes
    self.databases = databases
    self.mustSurvive = mustSurvive
  }
}
