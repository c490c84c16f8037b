internal import Model
internal import Results
internal import Words

/// What two runs do not have in common besides what is compared: each could be the cause of a difference in speed.
enum SettingDifferences {
  /// Differences of the machines, programs and servers; each a sentence.
  static func sentences(_ base: StoredRun, _ candidate: StoredRun) -> [String] {
    guard let first = base.environment, let second = candidate.environment else {
      return ["it is not known whether both ran on the same machine: environment.json is missing"]
    }
    var facts: [(String, String?, String?)] = [
      ("CPU model", first.machine.cpuModel, second.machine.cpuModel),
      ("CPUs", "\(first.machine.cpuCount)", "\(second.machine.cpuCount)"),
      ("CPU limit", first.machine.cgroupCpuLimit.map { "\($0)" }, second.machine.cgroupCpuLimit.map { "\($0)" }),
      ("frequency governor", first.machine.frequencyGovernor, second.machine.frequencyGovernor),
      ("memory", first.machine.memoryBytes.map(gibibytes), second.machine.memoryBytes.map(gibibytes)),
      ("kernel", first.machine.kernelRelease, second.machine.kernelRelease),
      ("clock source", first.machine.clockSource, second.machine.clockSource),
      ("C library", first.machine.glibcVersion, second.machine.glibcVersion),
      ("contend", first.contend.version, second.contend.version),
      ("build", first.contend.configuration, second.contend.configuration),
      ("seed", "\(first.contend.seed)", "\(second.contend.seed)"),
    ]
    for name in Set(first.services.keys).union(second.services.keys).sorted() {
      facts += differences(of: name, first.services[name], second.services[name])
    }
    var all = facts.compactMap { sentence($0.0, $0.1, $0.2) }
    if first.scenario.sha256 != second.scenario.sha256 { all.append("the scenario files differ") }
    return all
  }

  /// Differences in the conditions of cells; each a sentence that names the cells, unless it holds for all.
  static func sentences(_ cells: [ComparedCell]) -> [String] {
    var order: [String] = []
    var names: [String: [String]] = [:]
    for cell in cells {
      for fact in facts(cell) {
        if names[fact] == nil { order.append(fact) }
        names[fact, default: []].append(cell.name)
      }
    }
    return order.map { fact in
      let concerned = names[fact] ?? []
      return concerned.count == cells.count ? fact : "\(fact) (\(concerned.joined(separator: "; ")))"
    }
  }

  private static func facts(_ cell: ComparedCell) -> [String] {
    let (first, second) = (cell.base.trials[0], cell.candidate.trials[0])
    let (left, right) = (first.conditions, second.conditions)
    var facts: [(String, String?, String?)] = [
      ("processes", "\(first.processes)", "\(second.processes)"),
      ("repetitions", "\(cell.base.trials.count)", "\(cell.candidate.trials.count)"),
    ]
    if let first = loadGenerators(cell.base), let second = loadGenerators(cell.candidate) {
      facts.append(("load from", first, second))
    }
    if !cell.isPaired {
      facts += [("strategy", first.strategyID, second.strategyID), ("store", first.store, second.store)]
    }
    guard !left.workload.isEmpty, !right.workload.isEmpty else {
      return facts.compactMap { sentence($0.0, $0.1, $0.2) } + [
        "workload, keys and times are not stored in old results"
      ]
    }
    facts += [
      ("arrivals per second", left.ratePerSecond.map(formatRate), right.ratePerSecond.map(formatRate)),
      ("arrivals", left.arrivals.name, right.arrivals.name), ("distances", distances(left), distances(right)),
      ("workload", left.workload, right.workload), ("keys", "\(left.keys)", "\(right.keys)"),
      ("distribution", "\(left.distribution)", "\(right.distribution)"),
      ("hold", duration(left.hold), duration(right.hold)), ("think", duration(left.think), duration(right.think)),
    ]
    return facts.compactMap { sentence($0.0, $0.1, $0.2) }
  }

  /// Of the first repetition that ran: one that failed may not know its hosts.
  private static func loadGenerators(_ cell: CellSummary) -> String? {
    cell.trials.first { $0.failure == nil }?.loadGenerators
  }

  private static func differences(
    of service: String, _ first: Environment.Service?, _ second: Environment.Service?
  ) -> [(String, String?, String?)] {
    guard let first, let second else { return [(service, first?.version, second?.version)] }
    var facts: [(String, String?, String?)] = [
      ("\(service) version", first.version, second.version), ("\(service) location", first.location, second.location),
    ]
    for name in Set(first.settings.keys).union(second.settings.keys).sorted() {
      facts.append(("\(service) \(name)", first.settings[name], second.settings[name]))
    }
    return facts
  }

  private static func sentence(_ name: String, _ first: String?, _ second: String?) -> String? {
    first == second ? nil : "\(name): \(first ?? "not known"), candidate \(second ?? "not known")".printable
  }

  private static func gibibytes(_ bytes: UInt64) -> String { formatDecimal(Double(bytes) / 0x1p30, digits: 1) + " GiB" }

  /// `redis 500 us`; what varies by more is told apart as well.
  private static func distances(_ conditions: TrialConditions) -> String {
    let parts = conditions.distances.sorted { $0.key < $1.key }.map { name, distance in
      let jitter = distance.jitter == .zero ? "" : " +- \(duration(distance.jitter))"
      return "\(name) \(duration(distance.roundTrip))\(jitter)"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  private static func duration(_ duration: Duration) -> String {
    formatDuration(nanoseconds: Double(max(0, duration.nanoseconds)))
  }
}
