internal import Glibc
public import Model

/// A run as its results folder holds it: everything that reports and comparisons know.
public struct StoredRun: Sendable {
  /// Path of the folder as it was given.
  public let path: String
  /// The column `run_id` of every file.
  public let id: String
  /// Name of the scenario.
  public let scenario: String
  /// The scenario file.
  public let scenarioText: String
  /// The user's scripts that it ran; nil when there were none.
  public private(set) var scriptsText: String?
  /// Machine, versions, settings; nil when the folder does not state them.
  public let environment: Environment?
  /// The trials that the run intended to make, in their order.
  public let planned: [PlannedTrial]
  /// The trials that were made, in the order in which they ended.
  public let trials: [TrialResult]

  /// Reads a results folder, also one that an earlier version wrote: what it does not state has the default of its
  /// field. Unknown columns and files are ignored.
  ///
  /// - Throws: one sentence with file and line, when the folder is not one of a run, is damaged, or was written by a
  ///   later version under another `schema_version`.
  public init(reading path: String) throws(ResultsFailure) {
    try Self.requireRun(at: path)
    self.path = path
    let rows = try StoredTable("\(path)/\(trialTable.file)").rows
    let planRows = try StoredTable("\(path)/\(planTable.file)").rows
    environment = try Environment(folder: path)
    scenarioText = try StoredFile("\(path)/scenario.yaml").text()
    let scripts = "\(path)/\(ResultsFolder.scriptsFile)"
    if access(scripts, F_OK) == 0 { scriptsText = try StoredFile(scripts).text() }
    planned = try Self.plan(planRows)
    let details = try StoredDetails(folder: path)
    let histograms = try StoredHistograms(folder: path)
    id = try (rows + planRows).first?.text("run_id") ?? environment?.runId ?? ""
    scenario = try rows.first?.text("scenario") ?? Self.fileName(environment?.scenario.path ?? "")
    var trials: [TrialResult] = []
    var seen: Set<TrialKey> = []
    for row in rows {
      let run = try row.text("run_id")
      guard run == id else { throw row.failure("this row is of the run '\(run)', those above of '\(id)'") }
      guard seen.insert(try TrialKey(row)).inserted else {
        throw row.failure("a second row for the same strategy, workers, variant, repetition and measurement")
      }
      trials.append(try row.trial(details, histograms))
    }
    self.trials = trials
  }

  /// Puts a run together from values, for those that have it in memory.
  public init(
    path: String, id: String, scenario: String, scenarioText: String, environment: Environment?,
    planned: [PlannedTrial], trials: [TrialResult]
  ) {
    self.path = path
    self.id = id
    self.scenario = scenario
    self.scenarioText = scenarioText
    self.environment = environment
    self.planned = planned
    self.trials = trials
  }

  /// The trials that were planned and are not among those made: the run was cut off.
  public var missing: [PlannedTrial] {
    let made = Set(trials.map(\.position))
    return planned.filter { !made.contains($0.position) }
  }

  private static func requireRun(at path: String) throws(ResultsFailure) {
    var status = stat()
    let remedy = "name a folder that 'contend run' wrote, such as results/quickstart-20260301T120000Z-00abcd"
    guard stat(path, &status) == 0 else { throw .unreadable(path, errno: errno, remedy: remedy) }
    guard access("\(path)/\(trialTable.file)", F_OK) == 0 else {
      throw ResultsFailure("\(path): not a results folder, it has no \(trialTable.file); \(remedy)", kind: .reading)
    }
  }

  private static func plan(_ rows: [StoredRow]) throws(ResultsFailure) -> [PlannedTrial] {
    var planned: [PlannedTrial] = []
    for row in rows {
      let key = try TrialKey(row)
      let seed = row.text(ifAny: "seed") ?? "0x0"
      planned.append(
        PlannedTrial(
          cell: key.cell, strategyIndex: try row.integer(ifAny: "strategy_index") ?? 0, repetition: key.repetition,
          position: try row.integer("position"),
          seed: try row.value("seed", seed, "a seed such as 0x00000000000000ff", Seed.value)))
    }
    return planned
  }

  /// What a scenario is called that does not name itself: its file, without folder and extension.
  private static func fileName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
  }
}
