/// What a service is: a server, or several, that strategies need.
public struct ServiceDescriptor: Sendable {
  /// Name in scenario files, and that of its store if it has one.
  public let name: String
  /// URL schemes that reach it; empty when no rule is known.
  public let schemes: [String]
  /// Whether three private servers that agree on everything can be one service.
  public let hasEnsembles: Bool
  /// Whether it is files and no server, so that nobody connects to it.
  public var isEmbedded: Bool { schemes == ["file"] }
  /// Makes a descriptor.
  public init(_ name: String, schemes: [String] = [], hasEnsembles: Bool = false) {
    self.name = name
    self.schemes = schemes
    self.hasEnsembles = hasEnsembles
  }
}
