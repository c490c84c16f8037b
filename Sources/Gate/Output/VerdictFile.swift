internal import FoundationEssentials
public import Model
internal import Results

/// The content of `verdict.json`: what programs read of a gate. Additions keep ``schemaVersion``; a change of meaning
/// raises it. In the file, names are in snake case, and what is not known is left out.
public struct VerdictFile: Sendable, Equatable, Codable {
  /// One arm.
  public struct Arm: Sendable, Equatable, Codable {
    /// The folder, as it was named.
    public var path: String
    /// Id of the run.
    public var runId: String
    /// Name of the scenario.
    public var scenario: String
    /// SHA-256 of the scenario file.
    public var scenarioSha256: String?
    /// Commit of the repository that the scenario is in.
    public var commit: String?
    /// Version of contend.
    public var contendVersion: String?
  }

  /// A growth of the cost: a share for ratios (0.1 is 10 % more), absolute for rates and indices.
  public struct Change: Sendable, Equatable, Codable {
    /// The estimate.
    public var estimate: Double
    /// At least this, 95 % sure.
    public var low: Double
    /// At most this, 95 % sure.
    public var high: Double
    /// p of "the cost did not grow".
    public var probabilityNotWorse: Double
    /// Standard deviation of one difference, in logarithms for ratios.
    public var deviation: Double
    /// Pairs of blocks, or repetitions.
    public var count: Int
  }

  /// One metric of one cell.
  public struct Comparison: Sendable, Equatable, Codable {
    /// Strategy and load point.
    public var cell: Cell
    /// `goodput`, `p50`, `p99`, `retries`, `deadlocks`, `gave-up`, `fairness`.
    public var metric: GateMetric
    /// What it shows.
    public var verdict: ComparisonVerdict
    /// `doubt`, `regression` or `nothing`.
    public var blocksOn: GateBlocking
    /// Whether it is green.
    public var passed: Bool
    /// Value of the base: per second, nanoseconds, per operation, or an index.
    public var base: Double?
    /// Value of the candidate.
    public var candidate: Double?
    /// The first look.
    public var screening: Change?
    /// The second, on fresh data.
    public var confirmation: Change?
    /// Growth that is immaterial.
    public var tolerance: Double?
    /// Growth that a pass excludes.
    public var mustDetect: Double?
    /// About how many pairs or repetitions would decide.
    public var needed: Int?
    /// The waiver that covers it.
    public var waiver: GateWaiver?
    /// All of it in a sentence.
    public var sentence: String
  }

  /// What decides before speed, or is worth knowing.
  public struct Finding: Sendable, Equatable, Codable {
    /// What was found.
    public var kind: GateFinding.Kind
    /// The cell; left out when it concerns all.
    public var cell: Cell?
    /// One sentence.
    public var message: String
    /// Whether it is no reason to fail.
    public var passed: Bool
  }

  /// Version of the structure.
  public var schemaVersion = 1
  /// Whether the gate is green.
  public var passed: Bool
  /// Exit code of the program.
  public var exitCode: Int32
  /// `passed`, `regressed`, `violated`, `inconclusive` or `incomparable`; `inconclusive` may be green by the policy.
  public var conclusion: String
  /// `paired` or `stored`.
  public var mode: GateVerdict.Mode
  /// What is compared with.
  public var base: Arm
  /// What is judged.
  public var candidate: Arm
  /// What decides before speed, and notes.
  public var findings: [Finding]
  /// Every metric of every cell.
  public var comparisons: [Comparison]
  /// Pairs of slices taken out, by cell.
  public var discards: [GateVerdict.Discards]
  /// The least that the checkers examined in a cell that must be correct.
  public var examinedCount: Int64
  /// By what it was judged.
  public var policy: GatePolicy

  /// The content of the file.
  public func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Encoding fails for numbers that JSON does not have: every one was made finite before.
    let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
    return Array(data) + [UInt8(ascii: "\n")]
  }
}

extension VerdictFile {
  /// The verdict as a file.
  public init(_ verdict: GateVerdict) {
    passed = verdict.passed
    exitCode = verdict.exitCode
    conclusion = "\(verdict.conclusion)"
    mode = verdict.mode
    base = Arm(verdict.base)
    candidate = Arm(verdict.candidate)
    findings = verdict.findings.map {
      Finding(kind: $0.kind, cell: $0.cell, message: $0.message, passed: $0.conclusion == .passed)
    }
    comparisons = verdict.comparisons.map(Comparison.init)
    discards = verdict.discards
    examinedCount = verdict.examined
    policy = verdict.policy
  }
}

extension VerdictFile.Arm {
  fileprivate init(_ arm: GateArm) {
    path = arm.path
    runId = arm.runID
    scenario = arm.scenario
    scenarioSha256 = arm.environment?.scenario.sha256
    commit = arm.environment?.scenario.git?.commit
    contendVersion = arm.environment?.contend.version
  }
}

extension VerdictFile.Comparison {
  fileprivate init(_ comparison: GateComparison) {
    func change(_ difference: CostDifference?) -> VerdictFile.Change? {
      guard let difference else { return nil }
      let ends = [difference.estimate, difference.low, difference.high].map(comparison.growth)
      guard ends.allSatisfy(\.isFinite), difference.deviation.isFinite else { return nil }
      return VerdictFile.Change(
        estimate: ends[0], low: ends[1], high: ends[2], probabilityNotWorse: difference.probabilityNotWorse,
        deviation: difference.deviation, count: difference.count)
    }
    cell = comparison.cell
    metric = comparison.metric
    verdict = comparison.verdict
    blocksOn = comparison.rule.blocksOn
    passed = comparison.conclusion == .passed
    base = comparison.base.flatMap { $0.isFinite ? $0 : nil }
    candidate = comparison.candidate.flatMap { $0.isFinite ? $0 : nil }
    screening = change(comparison.screening)
    confirmation = change(comparison.confirmation)
    tolerance = comparison.bounds.map { comparison.growth($0.material) }
    mustDetect = comparison.bounds.map { comparison.growth($0.limit) }
    needed = comparison.needed
    waiver = comparison.waiver
    sentence = comparison.sentence
  }
}
