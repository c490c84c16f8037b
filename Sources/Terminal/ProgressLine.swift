@preconcurrency internal import Glibc
public import Model
internal import Words

/// A running trial at some moment.
public struct ProgressView: Sendable, Equatable {
  /// Seconds since the measured window opened; negative in the warm-up.
  public var elapsed: Double
  /// Committed operations per second over the last interval.
  public var committedPerSecond: Double
  /// 99th percentile of latency so far in nanoseconds; nil when nothing was recorded yet.
  public var p99Nanoseconds: UInt64?
  /// Failed attempts so far.
  public var failedAttempts: Int64
  /// Makes a view.
  public init(elapsed: Double, committedPerSecond: Double, p99Nanoseconds: UInt64?, failedAttempts: Int64) {
    self.elapsed = elapsed
    self.committedPerSecond = committedPerSecond
    self.p99Nanoseconds = p99Nanoseconds
    self.failedAttempts = failedAttempts
  }
}

/// Shows how far a run is, on standard error: on a terminal one line that is rewritten in place, else one line for
/// each trial that ended.
public struct ProgressLine {
  private let trials: Int
  private let style: TerminalStyle
  private let write: (String) -> Void
  private let now: () -> Int64
  private var trial: PlannedTrial?
  private var begunAt: Int64 = 0
  private var finished = 0
  private var finishedNanoseconds: Int64 = 0
  private var isLineShown = false

  /// Reports on standard error about a run of so many trials.
  public init(trials: Int) {
    self.init(trials: trials, style: .standardError, write: writeToStandardError, now: Self.monotonicNow)
  }

  /// Reports elsewhere.
  ///
  /// - Parameters:
  ///   - trials: trials in the run.
  ///   - style: what the output can show.
  ///   - write: takes the exact characters of the output.
  ///   - now: a steady clock in nanoseconds, from which the time left is estimated.
  public init(
    trials: Int, style: TerminalStyle, write: @escaping (String) -> Void, now: @escaping () -> Int64
  ) {
    self.trials = trials
    self.style = style
    self.write = write
    self.now = now
  }

  /// A trial is being set up.
  public mutating func begin(_ trial: PlannedTrial) {
    self.trial = trial
    begunAt = now()
    rewrite([place(trial), "starting"])
  }

  /// A trial is running; meant to be called several times a second.
  public mutating func show(_ view: ProgressView) {
    guard let trial else { return }
    var parts = [place(trial)]
    if view.elapsed < 0 { parts.append("warming up") }
    parts.append("\(formatRate(view.committedPerSecond))/s")
    if let p99 = view.p99Nanoseconds { parts.append("p99 \(formatDuration(nanoseconds: p99))") }
    parts.append(counted(view.failedAttempts, "retry", "retries"))
    if let left = secondsLeft(trial) { parts.append("about \(formatTimeLeft(seconds: left)) left") }
    rewrite(parts)
  }

  /// A trial ended.
  public mutating func end(_ result: TrialResult) {
    if trial != nil {
      finished += 1
      finishedNanoseconds += now() - begunAt
      trial = nil
    }
    if !style.canRewriteLine { write("\(place(result)): \(outcome(result))\n") }
  }

  /// Takes the line away, so that other output starts on a clean one.
  public mutating func clear() {
    guard isLineShown else { return }
    write("\r\u{1B}[K")
    isLineShown = false
  }

  private func place(_ trial: PlannedTrial) -> String {
    "[\(trial.position)/\(trials)] \(trial.cell.name), repetition \(trial.repetition)"
      + (trial.measurement > 1 ? ", measured again" : "")
  }

  private func place(_ result: TrialResult) -> String { "[\(result.position)/\(trials)] \(result.name)" }

  private func outcome(_ result: TrialResult) -> String {
    if let failure = result.failure { return "failed: \(failure.printable)" }
    let p99 = result.latency.supportedValue(atQuantile: 0.99).map { "p99 \(formatDuration(nanoseconds: $0))" }
    let rate = result.goodputPerSecond.map { "\(formatRate($0))/s" }
    return [rate, p99, verdictWords(result.verdict, result.expectation)].compactMap(\.self).joined(separator: ", ")
  }

  /// The mean of the trials that ended, for those still to come and for the rest of this one.
  private func secondsLeft(_ trial: PlannedTrial) -> Double? {
    guard finished > 0 else { return nil }
    let mean = Double(finishedNanoseconds) / Double(finished)
    let current = max(0, mean - Double(now() - begunAt))
    return (current + mean * Double(max(0, trials - trial.position))) / 1e9
  }

  private mutating func rewrite(_ parts: [String]) {
    guard style.canRewriteLine else { return }
    // The last column stays free: writing there makes some terminals move on to the next line.
    let line = String(parts.joined(separator: "  ").prefix(max(1, style.width - 1)))
    write("\r\(line)\u{1B}[K")
    isLineShown = true
  }

  private static func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
