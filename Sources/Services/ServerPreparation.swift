/// What a server is started with only where a fault needs it, because it costs something.
public struct ServerPreparation: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int
  /// From its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A time of day of its own for each member, which can jump: a look at the clock takes 10 us.
  public static let ownClock = ServerPreparation(rawValue: 1)
  /// Members of an ensemble that meet through a proxy, so that they can be separated.
  public static let separableMembers = ServerPreparation(rawValue: 2)
}
