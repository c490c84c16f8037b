internal import Model
internal import Results
internal import Words

extension Section {
  /// Machine, versions and settings: what figures depend on besides the scenario.
  static func environment(_ study: Study) -> Section? {
    var blocks: [Block] = []
    for (run, name) in zip(study.runs, study.runNames) {
      guard let environment = run.environment else { continue }
      if !name.isEmpty { blocks.append(.heading(name)) }
      blocks.append(.table(Facts.table(environment)))
      for (service, server) in environment.services.sorted(by: { $0.key < $1.key }) where !server.settings.isEmpty {
        let settings = server.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        blocks.append(
          .details(summary: "Settings of \(service)", [.table(Facts.table("Settings of \(service)", settings))]))
      }
    }
    guard !blocks.isEmpty else { return nil }
    return Section(
      id: "environment", title: "Environment",
      introduction: "Figures hold for this machine and these settings; compare only what was measured on the same one.",
      blocks: blocks)
  }
}

/// What is known about where a run took place.
private enum Facts {
  static func table(_ environment: Environment) -> Table {
    let machine = environment.machine
    let load = environment.loadAtStart
    var facts: [(String, String)] = [
      ("run", environment.runId), ("began", environment.startedAt),
      (
        "program",
        "contend \(environment.contend.version), \(environment.contend.configuration) build, "
          + "Swift \(environment.contend.swiftVersion)"
      ),
      ("seed", "\(environment.contend.seed)"),
      ("scenario file", environment.scenario.path), ("SHA-256 of it", environment.scenario.sha256),
    ]
    if let git = environment.scenario.git {
      facts.append(("repository", git.commit + (git.isDirty ? ", with changes" : ", unchanged")))
    }
    facts.append(("processor", "\(counted(machine.cpuCount, "CPU"))\(machine.cpuModel.map { ", \($0)" } ?? "")"))
    facts.append(("virtual machine", machine.isVirtual ? "yes" : "no"))
    let optional: [(String, String?)] = [
      ("threads per core", machine.threadsPerCore.map { "\($0)" }), ("frequency governor", machine.frequencyGovernor),
      ("memory", machine.memoryBytes.map { formatDecimal(Double($0) / 1_073_741_824, digits: 1) + " GiB" }),
      ("CPU limit of the control group", machine.cgroupCpuLimit.map { formatDecimal($0, digits: 2) }),
      ("kernel", machine.kernelRelease), ("kernel arguments", machine.kernelArguments),
      ("clock source", machine.clockSource), ("huge pages", machine.transparentHugePages),
      ("C library", machine.glibcVersion),
      ("load average at the start", load.loadAverage.map { formatDecimal($0, digits: 2) }.joined(separator: ", ")),
      ("CPU pressure at the start", load.cpuPressureRatio.map(formatShare)),
    ]
    facts += optional.compactMap { name, value in value.map { (name, $0) } }
    facts += environment.services.sorted { $0.key < $1.key }.map {
      ($0.key, "\($0.value.version), \($0.value.location)")
    }
    return table("Environment", facts)
  }

  static func table(_ caption: String, _ facts: [(String, String)]) -> Table {
    Table(
      caption: caption, columns: [.words("what"), .words("value")],
      rows: facts.filter { !$0.1.isEmpty }.map { .cells([Table.Cell($0.0), Table.Cell($0.1)]) })
  }
}
