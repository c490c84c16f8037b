/// How the arrivals of an open loop are spread over time, at a given mean rate.
public enum ArrivalPattern: Sendable, Equatable, Codable {
  /// Independent of each other: exponential gaps.
  case poisson
  /// One after the other in equal gaps, over all workers.
  case uniform
  /// So many at once, over all workers, from one burst to the next in equal gaps: a sale that opens.
  case bursts(of: Int)

  /// The pattern in a word or two, as results state it: `poisson`, `uniform`, `2000 at once`.
  public var name: String {
    switch self {
    case .poisson: "poisson"
    case .uniform: "uniform"
    case .bursts(let size): "\(size) at once"
    }
  }

  /// The pattern of a name; nil when there is none.
  public init?(name: String) {
    switch name {
    case "poisson": self = .poisson
    case "uniform": self = .uniform
    default:
      guard name.hasSuffix(" at once"), let size = Int(name.dropLast(" at once".count)), size > 0 else { return nil }
      self = .bursts(of: size)
    }
  }
}
