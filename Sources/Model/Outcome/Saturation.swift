/// Whether an open loop was served as fast as it arrived.
extension CellSummary {
  /// Operations that arrived per second; nil in a closed loop.
  public var offeredPerSecond: Double? { trials.first?.conditions.ratePerSecond }

  /// Operations that ended per second of the measured windows, whatever their outcome; nil when nothing was measured.
  public var answeredPerSecond: Double? {
    let seconds = trials.reduce(0) { $0 + $1.measuredSeconds }
    return seconds > 0 ? Double(measured.outcomes) / seconds : nil
  }

  /// Whether fewer than 95 % were answered of what arrived in an open loop: a queue grew.
  public var isSaturated: Bool {
    guard let offeredPerSecond, let answeredPerSecond else { return false }
    return answeredPerSecond < 0.95 * offeredPerSecond
  }
}
