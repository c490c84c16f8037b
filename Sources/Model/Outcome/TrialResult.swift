/// Identity of a cell: a strategy at a load point.
public struct Cell: Sendable, Equatable, Hashable, Codable {
  /// Label of the strategy in this run.
  public var strategy: String
  /// Number of workers.
  public var workers: Int
  /// What else is swept, as `keys=16, hold=1ms`; empty when only workers are.
  public var variant: String
  /// Makes an identity.
  public init(strategy: String, workers: Int, variant: String = "") {
    self.strategy = strategy
    self.workers = workers
    self.variant = variant
  }
}

/// Under which conditions a trial ran: what comparisons over cells and runs need of its scenario.
public struct TrialConditions: Sendable, Equatable, Codable {
  /// Id of the workload; empty in results that did not state it.
  public var workload: String
  /// Records fought over.
  public var keys: Int
  /// How they are chosen.
  public var distribution: KeyDistribution
  /// Time inside the critical section.
  public var hold: Duration
  /// Time between two operations of a worker.
  public var think: Duration
  /// Arrivals per second over all workers; nil in a closed loop.
  public var ratePerSecond: Double?
  /// How these arrivals were spread over time.
  public var arrivals = ArrivalPattern.poisson
  /// How far away the services of the trial seemed to be, by name; those that are not named were where they are.
  public var distances: [String: Distance] = [:]
  /// The servers that the strategy talks to, by name; empty for one that needs none, and in results that did not state
  /// them.
  public var servers: [String] = []

  /// What is known of a result that states no conditions.
  public init() {
    workload = ""
    keys = 1
    distribution = .uniform
    hold = .zero
    think = .zero
  }

  /// The conditions that a scenario sets.
  public init(_ workload: WorkloadSettings, _ load: LoadSettings) {
    self.workload = workload.kind
    keys = workload.keys
    distribution = workload.distribution
    hold = workload.hold
    think = workload.think
    ratePerSecond = load.rate
    arrivals = load.arrivals
  }
}

/// A count of the client beside the count of the server for the same thing.
public struct CrossCheck: Sendable, Equatable, Codable {
  /// What is counted: `deadlocks`, `commits`, `rollbacks`, `commands`.
  public let name: String
  /// Our count.
  public let client: Int64
  /// The server's count.
  public let server: Int64
  /// By how much the two may differ: operations whose outcome is unknown.
  public let slack: Int64
  /// Makes a comparison.
  public init(name: String, client: Int64, server: Int64, slack: Int64) {
    self.name = name
    self.client = client
    self.server = server
    self.slack = slack
  }
  /// Whether the two agree.
  public var agrees: Bool { abs(client - server) <= slack }
}

/// How the machine was shared during the measured window.
public struct MachineShare: Sendable, Equatable, Codable {
  /// CPU seconds of our driver and worker processes.
  public var ownCPUSeconds = 0.0
  /// CPU seconds of the servers that we manage.
  public var serverCPUSeconds = 0.0
  /// Share of the machine's CPU time that others used, 0 to 1.
  public var foreignRatio = 0.0
  /// Share of the machine's CPU time that the hypervisor withheld, 0 to 1.
  public var stealRatio = 0.0
  /// Share of the window during which some task waited for a CPU (PSI), 0 to 1.
  public var pressureRatio = 0.0
  /// The CPUs on which worker threads were seen.
  public var cpus: [Int] = []
  /// What the threads of the workers did; nil when it was not measured.
  public var threads: WorkerThreads?
  /// Why the trial counts as disturbed; empty when it does not.
  public var disturbances: [String] = []
  /// Nothing measured.
  public init() {}
  /// Whether foreign load was high enough to distrust the figures.
  public var isDisturbed: Bool { !disturbances.isEmpty }
}

/// One second of a trial.
public struct TimelinePoint: Sendable, Equatable, Codable {
  /// Seconds from the start of the measured window to the end of this interval; negative in the warm-up.
  public var second: Double
  /// Length of the interval in seconds.
  public var seconds: Double
  /// Operations committed in the interval.
  public var committed: Int64
  /// Attempts that failed in the interval.
  public var failedAttempts: Int64
  /// Median latency of committed operations in the interval, nanoseconds; nil when there were none.
  public var p50Nanoseconds: UInt64?
  /// 99th percentile of the same.
  public var p99Nanoseconds: UInt64?
  /// Makes a point.
  public init(
    second: Double, seconds: Double, committed: Int64, failedAttempts: Int64, p50Nanoseconds: UInt64?,
    p99Nanoseconds: UInt64?
  ) {
    self.second = second
    self.seconds = seconds
    self.committed = committed
    self.failedAttempts = failedAttempts
    self.p50Nanoseconds = p50Nanoseconds
    self.p99Nanoseconds = p99Nanoseconds
  }
}

/// How workers fared against each other in the measured window.
public struct Fairness: Sendable, Equatable, Codable {
  /// Committed operations of each worker.
  public let committed: [Int64]
  /// The longest operation of any worker, waiting ones included, nanoseconds.
  public let longestWaitNanoseconds: UInt64
  /// Makes figures.
  public init(committed: [Int64], longestWaitNanoseconds: UInt64) {
    self.committed = committed
    self.longestWaitNanoseconds = longestWaitNanoseconds
  }
  /// Jain's index (sum x)^2 / (n sum x^2): 1 when all are equal, 1/n when one has everything; nil when nobody committed.
  public var jainIndex: Double? {
    let sum = committed.reduce(0.0) { $0 + Double($1) }
    let squares = committed.reduce(0.0) { $0 + Double($1) * Double($1) }
    return squares == 0 ? nil : sum * sum / (Double(committed.count) * squares)
  }
}

/// Where the time of committed operations went; each histogram is empty when the strategy has no such phase.
public struct PhaseLatencies: Sendable, Equatable, Codable {
  /// From the start of the attempt to the start of the critical section.
  public var wait = HistogramSnapshot(.phase)
  /// The critical section.
  public var hold = HistogramSnapshot(.phase)
  /// From the end of the critical section to the answer: commit, release.
  public var commit = HistogramSnapshot(.phase)
  /// Sleeps between attempts, summed per operation; operations without one are not recorded.
  public var backoff = HistogramSnapshot(.phase)
  /// Operations that were still waiting when the window closed: how long they had waited by then.
  public var censored = HistogramSnapshot(.phase)
  /// The stages that the strategy names (``StrategyDescriptor/stages``), in their order.
  public var stages = Array(repeating: HistogramSnapshot(.phase), count: StrategyDescriptor.largestNumberOfStages)
  /// All empty.
  public init() {}
}

/// Everything that one trial showed.
public struct TrialResult: Sendable, Codable {
  /// Strategy and load point.
  public var cell: Cell
  /// Id of the strategy.
  public var strategyID: String
  /// The store that the strategy worked on.
  public var store: String
  /// Under which conditions it ran.
  public var conditions: TrialConditions
  /// Processes, and threads over all of them.
  public var processes: Int
  /// Threads over all processes.
  public var threads: Int
  /// Repetition from 1.
  public var repetition: Int
  /// 1, or more for a trial that was measured again because others had disturbed it.
  public var measurement = 1
  /// Position in the run from 1.
  public var position: Int
  /// Seed of this trial.
  public var seed: UInt64
  /// Seconds since 1970 when the measured window opened.
  public var startedAt: Double
  /// Length of the measured window in seconds.
  public var measuredSeconds: Double
  /// Where the operations used up what there was (a stock is sold out, and nothing gives back): seconds from the opening
  /// of the window to the last commit in it, 0 when it was used up before. Nil when there was something left to the end.
  public var usedUpAfterSeconds: Double?
  /// Counts by phase.
  public var tallies: [Phase: Tally]
  /// Latency of committed operations, first attempt to answer; from the intended start in an open loop.
  public var latency: HistogramSnapshot
  /// One operation in this many was timed; every one was counted.
  public var samplingInterval: Int
  /// Where the time went.
  public var phases: PhaseLatencies
  /// The stages of its operations that the strategy names, in the order of ``PhaseLatencies/stages``.
  public var stageNames: [String] = []
  /// Committed operations by the number of attempts: index 0 for one attempt; the last entry for all above.
  public var tries: [Int64]
  /// Fairness in the measured window.
  public var fairness: Fairness
  /// Conclusions of the checkers.
  public var checks: [CheckResult]
  /// Comparison with the server's counts.
  public var crossChecks: [CrossCheck]
  /// How the machine was shared.
  public var machine: MachineShare
  /// Seconds of the window, one entry each.
  public var timeline: [TimelinePoint]
  /// Operations committed in equal parts of the window, in order of time; empty when it was too short for parts.
  public var parts: [Int64] = []
  /// How often operations met each other.
  public var encounters = Encounters()
  /// What a violation would mean.
  public var grade: Grade
  /// What the scenario expects, resolved from its `expect` and the grade.
  public var expectation: Expectation
  /// What happened besides its operations, in order of time: worker processes that ended, faults.
  public var events: [TrialEvent] = []
  /// The faults that were planned, in order of time, and what came of them.
  public var faults: [FaultRecord] = []
  /// Who did what only one may do, and when: runs of a job, or leaders; in the order in which they began.
  public var turns: [Turn] = []
  /// What became of the operations of unknown outcome of the whole trial.
  public var unknownOutcomes = UnknownOutcomes()
  /// The hosts on which its workers ran; nil when that was this one alone.
  public var hosts: TrialHosts?
  /// What was written of its operations; nil when no history was kept.
  public var history: HistorySummary?
  /// Why the trial failed as a whole (a worker process died, the store could not be read); nil when it ran.
  public var failure: String?
  /// The first error message that a worker met, if any.
  public var firstError: String?

  /// Makes the result of a trial that has not run: no counts, everything else to be filled in.
  public init(
    cell: Cell, strategyID: String, store: String, processes: Int, threads: Int, repetition: Int, position: Int,
    seed: UInt64, grade: Grade, expectation: Expectation
  ) {
    self.cell = cell
    self.strategyID = strategyID
    self.store = store
    self.processes = processes
    self.threads = threads
    self.repetition = repetition
    self.position = position
    self.seed = seed
    self.grade = grade
    self.expectation = expectation
    conditions = TrialConditions()
    startedAt = 0
    measuredSeconds = 0
    tallies = [:]
    latency = HistogramSnapshot(.latency)
    samplingInterval = 1
    phases = PhaseLatencies()
    tries = []
    fairness = Fairness(committed: [], longestWaitNanoseconds: 0)
    checks = []
    crossChecks = []
    machine = MachineShare()
    timeline = []
  }

  /// Counts of the measured window.
  public var measured: Tally { tallies[.measured] ?? Tally() }
  /// Counts of the whole trial.
  public var total: Tally { tallies.values.reduce(into: Tally()) { $0 += $1 } }
  /// Operations that were still waiting when the window closed.
  public var censoredCount: Int64 { tallies[.drained]?[.started] ?? 0 }
  /// Seconds of the window in which there was something to commit.
  public var committingSeconds: Double { usedUpAfterSeconds.map { min($0, measuredSeconds) } ?? measuredSeconds }
  /// Committed operations per second in the measured window, as long as there was something to commit; nil when there
  /// was no time for that.
  public var goodputPerSecond: Double? {
    committingSeconds > 0 ? Double(measured[.committed]) / committingSeconds : nil
  }
  /// Attempts per operation that ended in the measured window; nil when none did.
  public var triesPerOperation: Double? {
    measured.outcomes > 0 ? Double(measured[.attempts]) / Double(measured.outcomes) : nil
  }
  /// Findings of all checkers.
  public var violations: [Violation] { checks.flatMap(\.violations) }
  /// Operations concerned by the worst finding of any checker: the number that tables show.
  public var violationCount: Int64 {
    violations.isEmpty
      ? 0
      : violations.reduce(into: [Violation.Kind: Int64]()) {
        $0[$1.kind, default: 0] += $1.count
      }.values.max() ?? 0
  }
  /// The worst verdict of all checkers; unknown when the trial failed or nothing was checked.
  public var verdict: Verdict {
    let worst = checks.map(\.verdict).max() ?? .unknown
    return failure == nil ? worst : max(worst, .unknown)
  }
  /// Whether the verdict is what was expected; nil when it cannot be told.
  public var isAsExpected: Bool? {
    switch (expectation, verdict) {
    case (.any, _): failure == nil ? true : nil
    case (_, .unknown): nil
    case (.pass, let verdict): verdict == .pass
    case (.violation, let verdict): verdict == .violation
    }
  }
}
