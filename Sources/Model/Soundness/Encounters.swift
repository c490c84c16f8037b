/// How often operations met each other, from looking at all workers at moments spread over the window.
///
/// Strategies that make others wait in silence count nothing of it: it is seen from outside, in what workers announce.
public struct Encounters: Sendable, Equatable, Codable {
  /// Moments at which the workers were looked at.
  public var moments: Int64
  /// Operations that were in flight then, summed over the moments.
  public var looks: Int64
  /// Those of them that were not alone: another one in flight had a record in common, and one of the two was to change it.
  public var met: Int64

  /// Makes counts.
  public init(moments: Int64 = 0, looks: Int64 = 0, met: Int64 = 0) {
    self.moments = moments
    self.looks = looks
    self.met = met
  }

  /// Adds counts.
  public static func += (sum: inout Encounters, other: Encounters) {
    sum.moments += other.moments
    sum.looks += other.looks
    sum.met += other.met
  }

  /// Fewer looks give no share.
  static let leastLooks = 30

  /// Share of the operations that met another, 0 to 1; nil when it cannot be told.
  ///
  /// Where operations are in flight so seldom that next to none was seen, it is at most twice their mean number in
  /// flight: by as many others an operation is joined on its way, were they all after the same record.
  public var share: Double? {
    if looks >= Self.leastLooks { return Double(met) / Double(looks) }
    return moments >= Self.leastLooks ? min(1, 2 * Double(looks) / Double(moments)) : nil
  }
}

extension CellSummary {
  /// Looks of all its measurements, as what was examined is of all of them.
  public var encounters: Encounters { measurements.reduce(into: Encounters()) { $0 += $1.encounters } }

  /// Share of the operations that met another, 0 to 1; nil when it cannot be told. A single worker meets nobody, however
  /// seldom it was looked at.
  public var shareMet: Double? { cell.workers == 1 && encounters.moments > 0 ? 0 : encounters.share }

  /// Below this share of operations that met another, a zero is asked what it rests on.
  public static let leastShareMet = 0.01
  /// So many operations that met another bound the rate among them to 0.1 % (``PowerOfZero``): then a zero means something
  /// however few they are of all.
  public static let enoughMet = 3_000.0

  /// Share of the operations that met another where that is too low for its pass to mean anything; nil where the pass
  /// means something, where it does not pass, and for null operations, which have nothing to protect.
  public var shareOfTooFewMet: Double? {
    guard verdict == .pass, !isFloor, let share = shareMet, share < Self.leastShareMet,
      share * Double(operationCount) < Self.enoughMet
    else { return nil }
    return share
  }

  /// Operations of all its measurements.
  public var operationCount: Int64 { measurements.reduce(0) { $0 + $1.total.outcomes } }
}
