/// An election: every worker is a candidate, and whoever leads has one effect after the other.
public struct ElectionSettings: Sendable, Equatable {
  /// Effects after which a leader gives its office back; 0 for one that leads as long as it can.
  public let effects: Int
  /// How long who has given it back leaves it to others.
  public let away: Duration

  /// Makes settings.
  public init(effects: Int = 0, away: Duration = .zero) {
    self.effects = effects
    self.away = away
  }
}
