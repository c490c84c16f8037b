/// What users are told about a strategy. Every part has to be there: a strategy that leaves one out does not compile.
///
/// Parts are prose that a reader of the output wraps: lines that follow one another are one paragraph, an empty line
/// begins the next one, and a line that is indented by four spaces is code, which stands as it is.
public struct Documentation: Sendable, Equatable {
  /// What it does, in a sentence; further paragraphs say where it comes from.
  public let introduction: String
  /// What it does step by step, with its exact commands.
  public let algorithm: String
  /// What holds whatever happens.
  public let guarantees: String
  /// What a reader could expect, but must not; nil for a floor.
  public let doesNotGuarantee: String?
  /// When a failure can do harm; nil for a floor.
  public let failureWindow: String?
  /// What each level of ``Fence`` protects from; nil for what has none.
  public internal(set) var fencing: String?
  /// Round trips while others are kept out, and of an attempt where nothing is held.
  public let roundTrips: String
  /// Where the algorithm is described; nil for a floor that nobody has described.
  public let source: String?

  /// Documents a strategy.
  public init(
    introduction: String, algorithm: String, guarantees: String, doesNotGuarantee: String, failureWindow: String,
    roundTrips: String, source: String
  ) {
    self.introduction = introduction
    self.algorithm = algorithm
    self.guarantees = guarantees
    self.doesNotGuarantee = doesNotGuarantee
    self.failureWindow = failureWindow
    self.roundTrips = roundTrips
    self.source = source
  }

  /// Documents a floor: an operation that protects nothing, so that there is nothing to rely on.
  public init(
    floor introduction: String, algorithm: String, guarantees: String, roundTrips: String, source: String? = nil
  ) {
    self.introduction = introduction
    self.algorithm = algorithm
    self.guarantees = guarantees
    doesNotGuarantee = nil
    failureWindow = nil
    self.roundTrips = roundTrips
    self.source = source
  }

  /// One part with its heading.
  public struct Section: Sendable, Equatable {
    /// What it is about.
    public let heading: String
    /// Prose, as in the parts.
    public let text: String
  }

  /// The parts after the introduction, in the order in which they are read.
  public var sections: [Section] {
    let parts: [(heading: String, text: String?)] = [
      ("Algorithm", algorithm), ("Guarantees", guarantees), ("Does not guarantee", doesNotGuarantee),
      ("Failure window", failureWindow), ("Fencing", fencing), ("Round trips under the lock", roundTrips),
      ("Source", source),
    ]
    return parts.compactMap { part in part.text.map { Section(heading: part.heading, text: $0) } }
  }
}
