/// Why the figures of a cell say more about the harness than about its strategy, with the figure that shows it.
public enum HarnessBound: Sendable, Equatable {
  /// Worker threads had work all the time, so that servers waited for them and not they for servers: of it they computed
  /// for one share, and were ready without a CPU for the other, which they lost so often a second.
  case neverIdle(computing: Double, ready: Double, switchesPerSecond: Double)
  /// Goodput is so great a share of that of a null operation over the same store at the same load, which is named.
  case nullOperation(share: Double, floor: String)
  /// Workers that had nothing to wait for spent so great a share of the window outside of operations.
  case outsideOperations(Double)
  /// Hosts that generated the load had nothing left to give: their processors were used up, and mostly by our workers.
  case saturatedHosts([HostSummary])
}

extension HarnessBound {
  /// Threads that have work for this share of their time set the pace (`measurement` 3.3: own share of a run that is bound
  /// by its CPU). A thread that waits for a CPU has work, too.
  public static let busyLimit = 0.95
  /// Waiting for a CPU up to this share is no news (`measurement` 3.3: run delay).
  public static let readyLimit = 0.03
  /// Of a null operation that goes to a server: nearer than repetitions usually agree, nothing is left to tell strategies
  /// apart by (`measurement` 3.4).
  public static let nullLimit = 0.9
  /// Of one within the process: from half on, the loop takes more time than the strategy.
  public static let nullLimitInProcess = 0.5
  /// Operations and pauses account for the workers' time within this share (`measurement` 4.3: Little's law).
  public static let outsideLimit = 0.02
}

extension CellSummary {
  /// Everything that bound it to the harness; empty where nothing did, and for null operations, which measure just that.
  ///
  /// - Parameter cells: all cells of the run, its null operations among them.
  public func harnessBounds(among cells: [CellSummary]) -> [HarnessBound] {
    guard !isFloor, verdict != .violation, trials.allSatisfy(\.faults.isEmpty) else { return [] }
    return [neverIdle, nullOperation(among: cells), outsideOperations, saturatedHosts].compactMap { $0 }
  }

  /// Within the process, threads always have work: it is that of the strategy.
  private var neverIdle: HarnessBound? {
    let processors = trials[0].machine.threads?.processors ?? 1
    // Of each thread, where the figure is of the CPUs.
    let part = Double(min(trials[0].threads, processors)) / Double(max(1, trials[0].threads))
    guard !trials[0].conditions.servers.isEmpty, let computing = median(\.machine.threads?.computingRatio),
      let ready = median(\.machine.threads?.readyRatio),
      let switches = median(\.machine.threads?.involuntarySwitchesPerSecond),
      computing * part + ready >= HarnessBound.busyLimit
    else { return nil }
    return .neverIdle(computing: computing * part, ready: ready, switchesPerSecond: switches)
  }

  private func nullOperation(among cells: [CellSummary]) -> HarnessBound? {
    let floors = cells.filter {
      $0.isFloor(of: self) && $0.cell.workers == cell.workers
        && $0.cell.variant == cell.variant
    }
    let rates = floors.compactMap { floor in
      floor.median(\.goodputPerSecond).map { (name: floor.cell.strategy, rate: $0) }
    }
    guard let rate = median(\.goodputPerSecond), let best = rates.max(by: { $0.rate < $1.rate }), best.rate > 0 else {
      return nil
    }
    let limit =
      trials[0].conditions.servers.isEmpty ? HarnessBound.nullLimitInProcess : HarnessBound.nullLimit
    let share = rate / best.rate
    return share >= limit ? .nullOperation(share: share, floor: best.name) : nil
  }

  private var outsideOperations: HarnessBound? {
    let conditions = trials[0].conditions
    guard conditions.ratePerSecond == nil, conditions.think == .zero, let share = median(\.shareOutsideOperations),
      share > HarnessBound.outsideLimit
    else { return nil }
    return .outsideOperations(share)
  }

  private var saturatedHosts: HarnessBound? {
    let saturated = hosts.filter(\.isSaturated)
    return saturated.isEmpty ? nil : .saturatedHosts(saturated)
  }

  /// The median of the trials that ran and were not disturbed; nil when none tells.
  private func median(_ figure: (TrialResult) -> Double?) -> Double? {
    let values = trials.filter { $0.failure == nil && !$0.machine.isDisturbed }.compactMap(figure).sorted()
    return values.isEmpty ? nil : (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
  }
}

extension TrialResult {
  /// Share of the workers' time that none of their operations accounts for, 0 to 1; nil when not every operation that ended
  /// was timed. What was cut off at both ends of the window is taken for operations.
  var shareOutsideOperations: Double? {
    guard samplingInterval == 1, usedUpAfterSeconds == nil, measuredSeconds > 0, let mean = latency.mean,
      latency.total == UInt64(max(0, measured.outcomes))
    else { return nil }
    let available = measuredSeconds * Double(cell.workers)
    let timed = mean / 1e9 * (Double(latency.total) + 2 * Double(cell.workers))
    return max(0, 1 - timed / available)
  }
}
