/// How far away a server seems to be.
public struct Distance: Sendable, Equatable, Codable {
  /// What a round trip takes more than without; half of it on each way.
  public var roundTrip: Duration
  /// How much longer or shorter each way may take at most, evenly distributed. Nothing overtakes anything.
  public var jitter: Duration
  /// Makes a distance.
  public init(roundTrip: Duration, jitter: Duration = .zero) {
    self.roundTrip = roundTrip
    self.jitter = jitter
  }
}
