internal import ArgumentParser
internal import CLinux
internal import Engine
internal import Hosts
internal import Runs
@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services
internal import StrategyCatalog
internal import Words

/// `contend doctor`: what this machine has, what measuring costs on it, and what to install.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine: servers, clock, processors, and the floor below which no figure can fall.")

  @OptionGroup var hosts: HostOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --hosts: servers that every host should reach, separated by commas.", valueName: "host:port,..."))
  var reach: String?

  func run() throws {
    if let count = hosts.hosts { return try survey(count) }
    for (name, value) in [("reach", reach), ("launcher", hosts.launcher)] where value != nil {
      throw CommandFailure(.usage, "--\(name): state --hosts, too")
    }
    print("processors: \(sysconf(Int32(_SC_NPROCESSORS_ONLN)))")
    print("clock: CLOCK_MONOTONIC, \(clockCost()) ns a reading, source \(clockSource())")
    print("\nbackends")
    print("  memory, postgres, redis: built in")
    for backend in Backend.further {
      let isMissing = StrategyCatalog.missing.contains(backend)
      print("  \(backend.name): \(isMissing ? "not built in, swift build --traits \(backend.trait)" : "built in")")
    }
    print("\nservers")
    let software = InstalledSoftware.survey().filter { item in
      !StrategyCatalog.missing.contains { item.services.contains($0.name) }
    }
    for item in software { print("  \(describe(item))") }
    print("\nnull operation, one worker, median: what is below this is the harness and the network")
    for descriptor in StrategyCatalog.floors {
      let services = descriptor.services(over: nil)
      if let missing = software.first(where: { $0.program == nil && $0.services.contains(where: services.contains) }) {
        print("  \(descriptor.id): not measured, \(missing.software) is missing")
      } else {
        print("  \(descriptor.id): \(try floor(of: descriptor))")
      }
    }
    let missing = software.filter { $0.program == nil }.map(\.debianPackage)
    guard missing.isEmpty else {
      throw CommandFailure(.serviceUnavailable, "to run everything: apt-get install \(missing.joined(separator: " "))")
    }
  }

  /// Looks at the hosts of a run that is not made: are they there, of one build, with clocks that can be compared, and do
  /// they reach the servers?
  private func survey(_ text: String) throws {
    guard let count = Int(text), (1...10_000).contains(count) else {
      throw CommandFailure(.usage, "--hosts \(text): state a number from 1 to 10,000")
    }
    let servers = try (reach ?? "").split(separator: ",").map { text throws(HostFailure) in
      try HostAddress(String(text))
    }
    let entries = try HostSurvey.take(
      hosts.settings(isQuiet: false), hosts: count, reaching: servers, executable: "/proc/self/exe",
      interruption: Interruption.descriptor())
    print("build: \(HostBuild.description(version: ProgramVersion.current)), the same on all hosts")
    for entry in entries {
      let engine = entry.engine == "none" ? "" : ", started by \(entry.engine)"
      print("\nhost \(entry.rank) (\(entry.name)): \(counted(entry.processors, "processor", "processors"))\(engine)")
      if let trip = entry.roundTripNanoseconds, let bound = entry.clockBoundNanoseconds {
        print(
          "  round trip \(formatDuration(nanoseconds: UInt64(max(0, trip)))), clock known to within "
            + "\(formatDuration(nanoseconds: UInt64(max(0, bound))))")
      } else {
        print("  its clock could not be compared")
      }
      for (address, obstacle) in entry.obstacles { print("  \(address): \(obstacle ?? "reached")") }
    }
    let cut = entries.filter { $0.obstacles.contains { $0.obstacle != nil } }.map { "host \($0.rank)" }
    guard cut.isEmpty else {
      throw CommandFailure(.serviceUnavailable, "not every server is reached from \(cut.joined(separator: ", "))")
    }
  }

  private func describe(_ item: InstalledSoftware) -> String {
    guard item.program != nil else { return "\(item.software): missing, apt-get install \(item.debianPackage)" }
    return "\(item.software): \(item.version ?? "version unknown")"
  }

  /// Nanoseconds of one reading, the median of several batches.
  private func clockCost() -> Int64 {
    let readings: Int64 = 20_000
    let batches = (0..<11).map { _ -> Int64 in
      let start = monotonicNow()
      for _ in 0..<readings { _ = monotonicNow() }
      return (monotonicNow() - start) / readings
    }
    return batches.sorted()[5]
  }

  private func clockSource() -> String {
    guard let file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "r") else {
      return "unknown"
    }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return "unknown" }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func floor(of descriptor: StrategyDescriptor) throws -> String {
    var load = LoadSettings()
    load.workers = [1]
    load.duration = .milliseconds(300)
    load.warmup = .milliseconds(100)
    load.repetitions = 1
    load.remeasure = 0
    let scenario = Scenario(
      name: "doctor", workload: WorkloadSettings(kind: "counter"), load: load,
      strategies: [StrategySelection(id: descriptor.id, options: Options(descriptor.options))])
    var observer = FloorObserver()
    try Run(scenario, executable: "/proc/self/exe", interruption: -1).execute(&observer)
    if let failure = observer.result?.failure { return failure }
    return observer.result?.latency.value(atQuantile: 0.5).map { formatDuration(nanoseconds: $0) } ?? "no operation"
  }
}

/// Keeps the one result of a floor measurement.
private struct FloorObserver: RunObserver {
  var result: TrialResult?

  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) {}
  mutating func willRun(_ trial: PlannedTrial) {}
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) {}
  mutating func didRun(_ result: TrialResult) { self.result = result }
}
