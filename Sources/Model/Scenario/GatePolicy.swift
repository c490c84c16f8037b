/// What `contend gate` compares between two arms.
public enum GateMetric: String, Sendable, Codable, CaseIterable {
  /// Committed operations per second; its cost is the time per committed operation.
  case goodput
  /// Median latency of committed operations.
  case p50
  /// 99th percentile of the same.
  case p99
  /// Attempts beyond the first, per operation.
  case retries
  /// Attempts that ended in a deadlock, per operation.
  case deadlocks
  /// Share of the operations that gave up, 0 to 1.
  case gaveUp = "gave-up"
  /// Jain's index over the workers' committed operations; less is worse.
  case fairness

  /// Whether arms are compared by their ratio, as times are; otherwise by their difference, which may start from zero.
  public var isRatio: Bool {
    switch self {
    case .goodput, .p50, .p99: true
    case .retries, .deadlocks, .gaveUp, .fairness: false
    }
  }
}

/// What makes a metric turn a gate red.
public enum GateBlocking: String, Sendable, Codable, CaseIterable {
  /// A confirmed regression, and data that cannot exclude one of the size that must be detected.
  case doubt
  /// A confirmed regression only.
  case regression
  /// Nothing: the metric is advice.
  case nothing
}

/// From which size on a change of one metric counts.
public struct GateRule: Sendable, Equatable, Codable {
  /// m: relative growth of the cost below which a change is immaterial, however certain; 0.05 is 5 %.
  public var tolerance: Double
  /// M: relative growth of the cost that a pass must exclude.
  public var mustDetect: Double
  /// Least absolute growth that is material, in the unit of the metric; only metrics that are no ratios have one.
  public var floor: Double
  /// What turns the gate red.
  public var blocksOn: GateBlocking
  /// Makes a rule.
  public init(tolerance: Double, mustDetect: Double, floor: Double = 0, blocksOn: GateBlocking) {
    self.tolerance = tolerance
    self.mustDetect = mustDetect
    self.floor = floor
    self.blocksOn = blocksOn
  }

  /// The rule of a metric when the scenario states none.
  public static func standard(_ metric: GateMetric) -> GateRule {
    switch metric {
    case .goodput: GateRule(tolerance: 0.05, mustDetect: 0.10, blocksOn: .doubt)
    case .p50: GateRule(tolerance: 0.05, mustDetect: 0.10, blocksOn: .nothing)
    case .p99: GateRule(tolerance: 0.15, mustDetect: 0.30, blocksOn: .regression)
    case .retries: GateRule(tolerance: 0.20, mustDetect: 0.40, floor: 0.02, blocksOn: .regression)
    case .deadlocks: GateRule(tolerance: 0.20, mustDetect: 0.40, floor: 0.01, blocksOn: .regression)
    case .gaveUp: GateRule(tolerance: 0.20, mustDetect: 0.40, floor: 0.01, blocksOn: .regression)
    case .fairness: GateRule(tolerance: 0.05, mustDetect: 0.10, floor: 0.05, blocksOn: .nothing)
    }
  }
}

/// What a gate makes of a comparison that stays open.
public enum GateInconclusive: String, Sendable, Codable, CaseIterable {
  /// Exit code 3.
  case fail
  /// Exit code 0, with a warning.
  case warn
}

/// An accepted regression, with its limit, its reason and its end.
public struct GateWaiver: Sendable, Equatable, Codable {
  /// What is waived.
  public enum Subject: String, Sendable, Codable, CaseIterable {
    case goodput, p50, p99, retries, deadlocks
    case gaveUp = "gave-up"
    case fairness
    /// That the candidate no longer has the cell.
    case presence
  }
  /// The cell, as the gate prints it: `redis.lock, 8 workers`.
  public var cell: String
  /// The metric, or `presence`.
  public var subject: Subject
  /// Up to which ratio of the costs, candidate to base, the regression is accepted; 1.2 is 20 % worse.
  public var maximumRatio: Double
  /// Why.
  public var reason: String
  /// The last day on which the waiver holds.
  public var expires: CalendarDate
  /// Makes a waiver.
  public init(cell: String, subject: Subject, maximumRatio: Double, reason: String, expires: CalendarDate) {
    self.cell = cell
    self.subject = subject
    self.maximumRatio = maximumRatio
    self.reason = reason
    self.expires = expires
  }
}

/// How `contend gate` measures and judges: the section `gate` of a scenario.
public struct GatePolicy: Sendable, Equatable, Codable {
  /// Pairs of blocks per cell, base and candidate: n.
  public var blocks = 10
  /// Slices of each arm in a block: S. Arms alternate slice by slice.
  public var slices = 4
  /// Measured window of a slice; nil lets the gate choose: as long as the first stage fits in about three minutes,
  /// 125 ms at least and 500 ms at most.
  public var slice: Duration?
  /// Others may use this much more CPU time during one slice of a pair than during the other, in CPUs, before the pair
  /// is taken out.
  public var foreignLoad = 0.1
  /// What becomes of open comparisons.
  public var onInconclusive = GateInconclusive.fail
  /// Rules that differ from ``GateRule/standard(_:)``.
  public var rules: [GateMetric: GateRule] = [:]
  /// Accepted regressions.
  public var waivers: [GateWaiver] = []
  /// All defaults.
  public init() {}

  /// The rule of a metric.
  public subscript(metric: GateMetric) -> GateRule {
    get { rules[metric] ?? .standard(metric) }
    set { rules[metric] = newValue == .standard(metric) ? nil : newValue }
  }
}
