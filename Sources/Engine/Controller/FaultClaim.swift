/// What a fault needs of its victim at the moment at which it happens, and what it makes of it until it heals.
///
/// Two faults that make something of the same victim at the same time cannot both be had: the second one would find
/// nothing to do it to, and the heal of one would undo the other.
public struct FaultClaim: Sendable, Equatable {
  /// To whom it is done.
  public enum Victim: Sendable, Equatable {
    /// A server, or the servers, of a service.
    case service(String, member: Int? = nil)
    /// The worker process at a position.
    case process(Int)

    /// Whether both mean the same, or one of them a part of the other.
    func meets(_ other: Victim) -> Bool {
      switch (self, other) {
      case (.service(let name, let member), .service(let otherName, let otherMember)):
        name == otherName && (member == nil || otherMember == nil || member == otherMember)
      default: self == other
      }
    }
  }
  /// What becomes of the victim.
  public enum Effect: Sendable {
    /// It has to answer, and is left as it is.
    case asks
    /// It stands still until it is let go on.
    case stops
    /// It is gone until it is started again.
    case ends
  }
  /// To whom it is done.
  public let victim: Victim
  /// What becomes of it.
  public let effect: Effect

  /// Claims a victim.
  public init(_ victim: Victim, _ effect: Effect) {
    self.victim = victim
    self.effect = effect
  }

  /// Whether another fault cannot begin while this one is in effect. A worker process can be killed where it stands.
  func excludes(_ later: FaultClaim) -> Bool {
    guard effect != .asks, victim.meets(later.victim) else { return false }
    if case .process = victim { return !(effect == .stops && later.effect == .ends) }
    return true
  }
}
