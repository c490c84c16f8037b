internal import Glibc
public import Model
internal import Words

/// A rate that a cell cannot exceed, and how near it came.
public struct Limit: Sendable, Equatable {
  /// Where a limit comes from.
  public enum Kind: String, Sendable {
    /// The null operation of the same store at the same load.
    case floor
    /// The critical section: one at a time per record.
    case hold
    /// Critical section and the round trips during which others are kept out.
    case roundTrips
  }
  /// Where it comes from.
  public let kind: Kind
  /// Committed operations per second that are possible.
  public let perSecond: Double
  /// The part of it that was reached, 0 to 1 but for the noise of the measurement.
  public let share: Double
  /// From what it follows: `1.00 ms hold time, 16 keys`.
  public let basis: String
}

/// The limits that can be stated for one cell, from the other cells of its run.
public struct Limits: Sendable {
  private let cells: [CellSummary]
  private let lookup: StrategyLookup

  /// Takes the cells of one run.
  public init(of cells: [CellSummary], lookup: @escaping StrategyLookup) {
    self.cells = cells
    self.lookup = lookup
  }

  /// The distance of a cell from each limit that applies to it; empty when none can be stated.
  ///
  /// The limits of the critical section are Amdahl's: what one worker at a time does bounds the rate whatever their
  /// number. They hold per record; with a skewed choice the hottest record bounds the rest. They are stated for
  /// strategies that decide between reading and writing, and not where some operations only read.
  public func limits(of cell: CellSummary) -> [Limit] {
    guard let goodput = cell.goodputPerSecond, goodput > 0 else { return [] }
    return [floor(of: cell, goodput), hold(of: cell, goodput), roundTrips(of: cell, goodput)].compactMap { $0 }
  }

  private func floor(of cell: CellSummary, _ goodput: Double) -> Limit? {
    let floors = cells.filter { $0.isFloor(of: cell) && LoadPoint($0.cell) == LoadPoint(cell.cell) }
    let rates = floors.compactMap { floor in floor.goodputPerSecond.map { (name: floor.cell.strategy, rate: $0) } }
    guard let best = rates.max(by: { $0.rate < $1.rate }), best.rate > 0 else { return nil }
    return Limit(
      kind: .floor, perSecond: best.rate, share: goodput / best.rate,
      basis: "\(best.name) at \(LoadPoint(cell.cell).name)")
  }

  private func hold(of cell: CellSummary, _ goodput: Double) -> Limit? {
    let hold = cell.trials[0].conditions.hold / .seconds(1)
    guard hold > 0, isSerial(cell) else { return nil }
    return serial(cell, goodput, kind: .hold, seconds: hold, basis: text(seconds: hold) + " hold time")
  }

  private func roundTrips(of cell: CellSummary, _ goodput: Double) -> Limit? {
    guard isSerial(cell), let trips = cell.descriptor(lookup)?.roundTripsUnderLock, trips > 0,
      let roundTrip = roundTripSeconds(of: cell)
    else { return nil }
    let hold = cell.trials[0].conditions.hold / .seconds(1)
    let basis = "\(trips) x \(text(seconds: roundTrip)) round trip" + (hold > 0 ? " + \(text(seconds: hold)) hold" : "")
    return serial(cell, goodput, kind: .roundTrips, seconds: hold + Double(trips) * roundTrip, basis: basis)
  }

  private func serial(
    _ cell: CellSummary, _ goodput: Double, kind: Limit.Kind, seconds: Double, basis: String
  ) -> Limit {
    let conditions = cell.trials[0].conditions
    let share = hottestShare(cell)
    let limit = 1 / (seconds * share)
    let keys = counted(conditions.keys, "key")
    return Limit(kind: kind, perSecond: limit, share: goodput / limit, basis: "\(basis), \(keys)")
  }

  /// The part of the operations that falls on the most wanted record. Where operations were refused, what commits need
  /// not follow the choice of keys, and only an even spread can be relied on.
  private func hottestShare(_ cell: CellSummary) -> Double {
    let conditions = cell.trials[0].conditions
    let keys = max(1, conditions.keys)
    guard case .zipfian(let theta) = conditions.distribution, cell.measured[.refused] == 0 else {
      return 1 / Double(keys)
    }
    return 1 / (1...keys).reduce(0) { $0 + pow(Double($1), -theta) }
  }

  private func isSerial(_ cell: CellSummary) -> Bool {
    guard let family = cell.family(lookup), family != .atomic else { return false }
    return cell.measured[.committedReads] == 0
  }

  /// Median latency of the quickest floor of a cell with the fewest workers in the run.
  private func roundTripSeconds(of cell: CellSummary) -> Double? {
    let floors = cells.filter { $0.isFloor(of: cell) }
    let fewest = floors.map(\.cell.workers).min()
    let medians = floors.filter { $0.cell.workers == fewest }.compactMap { $0.latency.supportedValue(atQuantile: 0.5) }
    return medians.min().map { Double($0) / 1e9 }
  }

  private func text(seconds: Double) -> String { formatDuration(nanoseconds: max(0, seconds * 1e9)) }
}
