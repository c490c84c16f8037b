internal import Model
internal import Results
internal import Words

/// Whether figures of two runs may be compared, from their environments and conditions.
///
/// Arms that took turns on one machine differ on purpose (another scenario, program or server), so for them only the
/// machine is compared. Of runs that were stored at different times everything must agree that moves figures.
struct Comparability {
  let base: GateArm
  let candidate: GateArm
  let takesTurns: Bool

  /// Everything that differs or is not known, in sentences.
  var obstacles: [String] {
    guard let first = base.environment, let second = candidate.environment else {
      return [base, candidate].filter { $0.environment == nil && $0.problem == nil }.map {
        "\($0.path) has no readable environment.json: on what it ran is not known"
      }
    }
    return machineFields(first, second) + loadGenerators()
      + (takesTurns ? [] : programFields(first, second) + conditions())
  }

  private func machineFields(_ first: Environment, _ second: Environment) -> [String] {
    func limit(_ environment: Environment) -> String {
      environment.machine.cgroupCpuLimit.map { "\($0) CPUs" } ?? "none"
    }
    return [
      difference("CPU", first.machine.cpuModel, second.machine.cpuModel),
      difference("number of CPUs", "\(first.machine.cpuCount)", "\(second.machine.cpuCount)"),
      difference("kernel", Self.series(first.machine.kernelRelease), Self.series(second.machine.kernelRelease)),
      difference("virtual machine", "\(first.machine.isVirtual)", "\(second.machine.isVirtual)"),
      difference("CPU limit of the control group", limit(first), limit(second)),
    ].compactMap { $0 }
  }

  private func programFields(_ first: Environment, _ second: Environment) -> [String] {
    let programs = [
      difference("version of contend", Self.series(first.contend.version), Self.series(second.contend.version)),
      difference("Swift version", first.contend.swiftVersion, second.contend.swiftVersion),
      difference("build", first.contend.configuration, second.contend.configuration),
      first.contend.configuration == "debug" ? "both ran in a debug build, whose figures mean nothing" : nil,
    ]
    let services = Set(first.services.keys).union(second.services.keys).sorted().flatMap { name in
      [
        difference("version of \(name)", first.services[name]?.version, second.services[name]?.version),
        first.services[name]?.settings == second.services[name]?.settings ? nil : "settings of \(name) differ",
      ]
    }
    return (programs + services).compactMap { $0 }
  }

  /// Cells whose load came from other hosts: more of them, or larger ones, generate more.
  private func loadGenerators() -> [String] {
    let first = Self.ran(base)
    let second = Self.ran(candidate)
    return base.plannedCells.compactMap { cell in
      guard let one = first[cell]?.loadGenerators, let other = second[cell]?.loadGenerators, one != other else {
        return nil
      }
      return "\(cell.title): load from \(one) in the base, from \(other) in the candidate"
    }
  }

  /// The first trial of each cell that ran: one that failed may not know its hosts.
  private static func ran(_ arm: GateArm) -> [Cell: TrialResult] {
    Dictionary(arm.trials.filter { $0.failure == nil }.map { ($0.cell, $0) }) { first, _ in first }
  }

  /// Cells whose workload or threads differ between the arms.
  private func conditions() -> [String] {
    let first = Dictionary(base.trials.map { ($0.cell, $0) }) { first, _ in first }
    let second = Dictionary(candidate.trials.map { ($0.cell, $0) }) { first, _ in first }
    return base.plannedCells.compactMap { cell in
      guard let one = first[cell], let other = second[cell] else { return nil }
      let isEqual =
        one.conditions == other.conditions && one.processes == other.processes && one.threads == other.threads
      return isEqual ? nil : "\(cell.title): workload, processes or threads differ"
    }
  }

  private func difference(_ name: String, _ first: String?, _ second: String?) -> String? {
    guard let first, let second else { return "\(name): not known for both" }
    return first == second ? nil : "\(name): \(first) in the base, \(second) in the candidate"
  }

  /// Major and minor of a version: what follows rarely moves figures, and changes with every security update.
  private static func series(_ version: String?) -> String? {
    version.map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
  }
}
