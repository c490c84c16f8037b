/// How goodput moved while it was measured.
public struct Trend: Sendable, Equatable {
  /// Goodput at the end of the window less that at its beginning, as a share of its median; negative when it fell.
  public let change: Double
  /// How likely a window without a trend looks like that.
  public let probability: Double

  /// States a movement.
  public init(change: Double, probability: Double) {
    self.change = change
    self.probability = probability
  }

  /// Changes by less are of no interest, however certain: it is what a gate lets pass, too.
  public static let leastChange = 0.1
  /// At this level a trial is said to move; over all trials of a run at 0.05.
  static let level = 0.01

  /// Whether the movement is great enough to matter and too regular for chance, where so many trials were tested.
  public func isConfirmed(among trials: Int) -> Bool {
    abs(change) >= Self.leastChange && probability < min(Self.level, 0.05 / Double(max(1, trials)))
  }
}

extension TrialResult {
  /// The movement of its goodput; nil when it cannot be told, or is no news: the trial failed or was too short, a fault was
  /// to change it, others used the machine, or what there was to take was used up.
  public var trend: Trend? {
    let isMeantToMove = !faults.isEmpty || usedUpAfterSeconds != nil
    guard failure == nil, !isMeantToMove, !machine.isDisturbed, let test = MannKendall(parts.map { Double($0) }),
      test.median > 0
    else { return nil }
    return Trend(change: test.slope * Double(parts.count - 1) / test.median, probability: test.probability)
  }
}

extension CellSummary {
  /// The trials whose goodput moves all the time, with their movements.
  ///
  /// - Parameter trials: how many trials of the run were tested.
  public func trends(among trials: Int) -> [Trend] {
    self.trials.compactMap(\.trend).filter { $0.isConfirmed(among: trials) }
  }
}
