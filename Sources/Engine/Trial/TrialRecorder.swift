@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services

/// What a trial looks like at some moment, for the progress line.
public struct LiveView: Sendable {
  /// Seconds since the measured window opened; negative in the warm-up.
  public var elapsed: Double
  /// Committed operations per second over the last interval.
  public var committedPerSecond: Double
  /// 99th percentile of latency so far in nanoseconds; nil when nothing was recorded yet.
  public var p99Nanoseconds: UInt64?
  /// Failed attempts so far.
  public var failedAttempts: Int64
}

/// Watches a running trial from the driver: one timeline point a second, the machine's share of the window, and a live
/// view several times a second. Reads shared memory only; the workers do not notice.
struct TrialRecorder {
  private(set) var timeline: [TimelinePoint] = []
  /// When something is due, a moment of ``monotonicNow()``.
  var nextTick: Int64 { min(nextReport, sampler?.next ?? .max) }
  /// What was seen of the workers between the seconds; nil before the trial starts.
  private(set) var sampler: WindowSampler?
  /// Seconds since 1970 at the opening of the window.
  private(set) var startedAt = 0.0
  let monitor: MachineMonitor
  /// Whether workers have programs of their own, whose CPU time is the client's, too.
  let countsChildren: Bool
  let onProgress: (LiveView) -> Void

  private var nextReport: Int64 = .max
  private var opens: Int64 = 0
  private var isMirror = false
  private var processes: [pid_t] = []
  private var lastPoint: Reading?
  private var lastView: Reading?
  /// Merged once a second only: it is half a megabyte per thread.
  private var latency = HistogramSnapshot(.latency)
  private var p99SoFar: UInt64?
  private var atOpening: MachineMonitor.Snapshot?
  private var atClosing: MachineMonitor.Snapshot?
  private var cpus: Set<Int> = []

  private struct Reading {
    var moment: Int64
    var committed: Int64
    var failed: Int64
  }

  private static let viewInterval: Int64 = 200_000_000
  private static let pointInterval: Int64 = 1_000_000_000

  init(monitor: MachineMonitor, countsChildren: Bool = false, onProgress: @escaping (LiveView) -> Void) {
    self.monitor = monitor
    self.countsChildren = countsChildren
    self.onProgress = onProgress
  }

  /// The trial starts; its measured window opens at a moment of ``monotonicNow()`` and closes at another at the latest.
  ///
  /// - Parameter isMirror: whether the workers are elsewhere, and the memory only mirrors what they count.
  mutating func begin(
    _ memory: TrialMemory, _ times: TrialTimes, processes: [pid_t], seed: UInt64, hasLeader: Bool,
    isMirror: Bool = false
  ) {
    opens = times.opens
    self.isMirror = isMirror
    if !isMirror { sampler = WindowSampler(times, seed: seed, hasLeader: hasLeader) }
    self.processes = processes
    let reading = read(memory)
    lastPoint = reading
    lastView = reading
    nextReport = min(opens, reading.moment + Self.viewInterval)
    startedAt = Double(time(nil)) + Double(opens - reading.moment) / 1e9
  }

  /// Other processes have taken the place of some. Those that have ended count with the driver that reaped them.
  mutating func follow(_ processes: [pid_t]) { self.processes = processes }

  /// Does what is due.
  mutating func tick(_ memory: TrialMemory, closes: Int64) {
    let now = monotonicNow()
    if atOpening == nil && now >= opens {
      atOpening = monitor.snapshot(processes: processes, withChildren: countsChildren)
    }
    if atClosing == nil && now >= closes {
      atClosing = monitor.snapshot(processes: processes, withChildren: countsChildren)
    }
    sampler?.tick(memory, now, processes: processes)
    guard now >= nextReport else { return }
    let reading = read(memory)
    if let last = lastPoint,
      reading.moment - last.moment >= Self.pointInterval || (now >= closes && last.moment < closes)
    {
      addPoint(memory, from: last, to: reading)
    }
    if let last = lastView, reading.moment > last.moment {
      onProgress(view(from: last, to: reading))
      lastView = reading
    }
    nextReport = now + Self.viewInterval
    for milestone in [opens, closes, (lastPoint?.moment ?? now) + Self.pointInterval] where milestone > now {
      nextReport = min(nextReport, milestone)
    }
  }

  /// The trial is over: closes the last interval. The machine's share ends here if the window had no set end.
  mutating func end(_ memory: TrialMemory, closed: Int64) {
    let reading = read(memory)
    if let last = lastPoint, closed - last.moment > 50_000_000 { addPoint(memory, from: last, to: reading) }
    if atClosing == nil { atClosing = monitor.snapshot(processes: processes, withChildren: countsChildren) }
  }

  /// How the machine was shared while the window was open.
  var share: MachineShare {
    guard let atOpening, let atClosing else { return MachineShare() }
    return monitor.share(from: atOpening, to: atClosing, cpus: cpus)
  }

  private func read(_ memory: TrialMemory) -> Reading {
    var tally = Tally()
    for phase in Phase.allCases { tally += memory.tally(phase) }
    return Reading(moment: monotonicNow(), committed: tally[.committed], failed: tally.failedAttempts)
  }

  private mutating func addPoint(_ memory: TrialMemory, from first: Reading, to last: Reading) {
    // Once a second like the histograms: it takes several system calls per thread.
    for process in processes { cpus.formUnion(ProcessTree.cpus(of: process)) }
    let soFar = isMirror ? latency : memory.latency
    let interval = soFar.since(latency)
    latency = soFar
    p99SoFar = soFar.value(atQuantile: 0.99)
    lastPoint = last
    timeline.append(
      TimelinePoint(
        second: Double(last.moment - opens) / 1e9, seconds: Double(last.moment - first.moment) / 1e9,
        committed: last.committed - first.committed, failedAttempts: last.failed - first.failed,
        p50Nanoseconds: interval.value(atQuantile: 0.5), p99Nanoseconds: interval.value(atQuantile: 0.99)))
  }

  private func view(from first: Reading, to last: Reading) -> LiveView {
    LiveView(
      elapsed: Double(last.moment - opens) / 1e9,
      committedPerSecond: Double(last.committed - first.committed) / (Double(last.moment - first.moment) / 1e9),
      p99Nanoseconds: p99SoFar, failedAttempts: last.failed)
  }
}
