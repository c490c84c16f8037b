internal import Glibc
public import Model

/// The folder of one run: made exclusively, and grown by one trial at a time.
///
/// A trial is in `trials.csv` only when everything else about it is on the disk, and an append that fails takes back what
/// it wrote: whatever happens to the process, every file holds whole lines and loses one trial at most. What every file
/// and column means is documented in `results/README.md`.
public final class ResultsFolder {
  /// Where the folder is made.
  public enum Place: Sendable {
    /// A new folder below this one, named after scenario, time and a few random digits.
    case below(String)
    /// Exactly this folder, which is new or empty.
    case exactly(String)
  }

  /// What is known about a run before its first trial.
  public struct Description: Sendable {
    /// Time and id.
    public var identity: RunIdentity
    /// Name of the scenario.
    public var scenario: String
    /// The bytes of the scenario file, without credentials, kept as `scenario.yaml`.
    public var scenarioFile: [UInt8]
    /// The user's scripts that it runs, kept as `scripts.sql`; nil when there are none.
    public var scripts: String?
    /// The trials that the run intends to make.
    public var plan: [PlannedTrial]
    /// Machine, versions, settings.
    public var environment: Environment
    /// Makes a description.
    public init(
      identity: RunIdentity, scenario: String, scenarioFile: [UInt8], scripts: String? = nil, plan: [PlannedTrial],
      environment: Environment
    ) {
      self.scripts = scripts
      self.identity = identity
      self.scenario = scenario
      self.scenarioFile = scenarioFile
      self.plan = plan
      self.environment = environment
    }
  }

  /// The folder below it that holds the histories of trials, where they are kept.
  public static let historyFolder = "history"

  /// The file that holds the user's scripts, where a run has some.
  static let scriptsFile = "scripts.sql"

  /// Path of the folder.
  public let path: String
  /// The id of the run, as the files state it.
  public let runID: String
  private let scenario: String
  private let trials: AppendOnlyFile
  private let details: DetailFiles
  private var histories: OccasionalFile<TrialRow<HistorySummary>>
  private var hosts: OccasionalFile<TrialRow<HostRecord>>

  /// Makes the folder with the files that are known beforehand.
  ///
  /// - Throws: when the folder cannot be made or written, or belongs to another run. What was made by then is removed.
  public init(_ place: Place, _ run: Description) throws(ResultsFailure) {
    runID = run.identity.id
    scenario = run.scenario
    let claim = try FolderClaim(place, name: run.identity.folderName(scenario: run.scenario))
    path = claim.path
    histories = OccasionalFile(historyTable, in: claim.path)
    hosts = OccasionalFile(hostTable, in: claim.path)
    do throws(ResultsFailure) {
      // Created first and never replaced: of two runs that were given the same empty folder, one fails here.
      trials = try AppendOnlyFile(creating: claim.path + "/" + trialTable.file, header: trialTable.header)
      do throws(ResultsFailure) {
        details = try DetailFiles(in: claim.path, startedAt: run.identity.startedAt)
        try Self.writeWholeFiles(run, in: claim.path)
      } catch {
        claim.removeContent()
        throw error
      }
    } catch {
      claim.release()
      throw error
    }
  }

  /// Stores a trial in all files and waits until it is on the disk.
  ///
  /// - Throws: when it cannot be stored, on a full disk for example; then the files hold what they held before.
  public func append(_ result: TrialResult) throws(ResultsFailure) {
    let row = TrialRow(run: runID, scenario: scenario, trial: result, detail: ())
    let lengths = details.lengths
    let trialsLength = trials.length
    let occasional = (histories.length, hosts.length)
    do throws(ResultsFailure) {
      try details.append(row)
      try histories.append(row.rows(of: [result.history].compactMap(\.self)))
      try hosts.append(row.rows(of: result.hosts?.hosts ?? []))
      try trials.append(trialTable.lines([row]))
      try trials.synchronize()
    } catch {
      trials.truncate(to: trialsLength)
      details.truncate(to: lengths)
      histories.truncate(to: occasional.0)
      hosts.truncate(to: occasional.1)
      throw error
    }
  }

  private static func writeWholeFiles(_ run: Description, in path: String) throws(ResultsFailure) {
    let plan = run.plan.map { (run: run.identity.id, planned: $0) }
    try WholeFile.write(planTable.header + planTable.lines(plan), to: path + "/" + planTable.file)
    try WholeFile.write(run.scenarioFile, to: path + "/scenario.yaml")
    if let scripts = run.scripts { try WholeFile.write(Array(scripts.utf8), to: path + "/" + scriptsFile) }
    try WholeFile.write(run.environment.json(), to: path + "/environment.json")
  }
}

/// The files that hold the details of trials; `trials.csv` follows when they are safe.
private struct DetailFiles {
  private let timeline, checks, violations, crossChecks, distributions, counts, buckets, faults, stages, turns,
    histograms: AppendOnlyFile
  private var all: [AppendOnlyFile] {
    [timeline, checks, violations, crossChecks, distributions, counts, buckets, faults, stages, turns, histograms]
  }

  init(in folder: String, startedAt: Double) throws(ResultsFailure) {
    func create<Row>(_ table: Table<Row>) throws(ResultsFailure) -> AppendOnlyFile {
      try AppendOnlyFile(creating: folder + "/" + table.file, header: table.header)
    }
    timeline = try create(timelineTable)
    checks = try create(checkTable)
    violations = try create(violationTable)
    crossChecks = try create(crossCheckTable)
    distributions = try create(distributionTable)
    counts = try create(countTable)
    buckets = try create(histogramTable)
    faults = try create(faultTable)
    stages = try create(stageTable)
    turns = try create(turnTable)
    histograms = try AppendOnlyFile(
      creating: folder + "/" + HistogramLog.file, header: HistogramLog.header(startedAt: startedAt))
  }

  func append(_ row: TrialRow<Void>) throws(ResultsFailure) {
    let trial = row.trial
    try timeline.append(timelineTable.lines(row.rows(of: trial.timeline)))
    try checks.append(checkTable.lines(row.rows(of: trial.checks)))
    try violations.append(violationTable.lines(row.rows(of: Finding.all(of: trial))))
    try crossChecks.append(crossCheckTable.lines(row.rows(of: trial.crossChecks)))
    try distributions.append(distributionTable.lines(row.rows(of: DistributionBucket.all(of: trial))))
    try counts.append(countTable.lines(row.rows(of: PhaseCounts.all(of: trial))))
    try buckets.append(histogramTable.lines(row.rows(of: HistogramBucket.all(of: trial))))
    try faults.append(faultTable.lines(row.rows(of: trial.faults)))
    try stages.append(stageTable.lines(row.rows(of: StageTimes.all(of: trial))))
    try turns.append(turnTable.lines(row.rows(of: trial.turns)))
    try histograms.append(HistogramLog.lines(of: trial))
    for file in all { try file.synchronize() }
  }

  var lengths: [off_t] { all.map(\.length) }
  func truncate(to lengths: [off_t]) { for (file, length) in zip(all, lengths) { file.truncate(to: length) } }
}
