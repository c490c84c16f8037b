/// Where the answer is to be used.
public struct Architecture: Sendable, Equatable {
  /// Processes of the application that work on the same records; nil for as many as were measured.
  public var processes: Int?
  /// Databases over which the records of one operation are spread.
  public var databases: Int
  /// Describes an architecture.
  public init(processes: Int? = nil, databases: Int = 1) {
    self.processes = processes
    self.databases = databases
  }
}
