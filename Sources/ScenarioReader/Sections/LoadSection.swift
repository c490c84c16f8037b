internal import Model
internal import Words

/// The keys of `load` and what must hold between them.
enum LoadSection {
  static let section = Section<LoadSettings>(
    path: "load",
    keys: [
      Key(
        "workers", \.workers, .list(.integer(1...10_000), ofAtMost: 100),
        "Numbers of workers; a list is swept, one load point each."),
      Key(
        "hosts", \.hosts, .integer(1...10_000),
        "Hosts over which the workers are spread, each an agent that joins the run."),
      Key(
        "processes", \.processes, .integer(1...1000),
        "Processes over which the workers are spread; those of each host where there are several."),
      Key(
        "threads", \.threads, .optional(.integer(1...10_000), orWord: "auto"),
        "Threads over all processes; auto lets each backend choose."),
      Key(
        "duration", ifStated: \.duration, .duration(.milliseconds(1) ... .seconds(86_400)),
        "Length of the measured window; excludes operations."),
      Key(
        "operations", ifStated: \.operations, .integer(1...1_000_000_000),
        "Operations of a trial over all workers; excludes duration."),
      Key(
        "warmup", \.warmup, .duration(.zero ... .seconds(3600)),
        "Time before the measured window; 0s when operations bounds the trial."),
      Key("repetitions", \.repetitions, .integer(1...1000), "How often every cell is measured."),
      Key(
        "remeasure", \.remeasure, .integer(0...100),
        "How often a trial that others on the machine disturbed is measured again at most; 0 for never."),
      Key("seed", \.seed, .integer(0...UInt64.max), "Seed of every random choice."),
      rate,
      Key(
        "drain", \.drain, .duration(.zero ... .seconds(600)),
        "How long operations that still wait at the end may take before they are cut off."),
      Key("pin", \.pin, .cases, "Placement on CPUs: free, client and servers on the same, or split."),
    ])

  /// `2000/s`, `2000/s uniform`, `2000 at once, every 1s`.
  private static let rate = Key<LoadSettings>(
    "rate", schema: ArrivalText.schema,
    "Arrivals over all workers (open loop), at random, 'uniform', or so many at once; without it every worker waits for "
      + "its answer (closed loop)."
  ) { node, subject, diagnostics, load in
    guard let (rate, pattern) = ArrivalText.read(node, subject, &diagnostics) else { return false }
    (load.rate, load.arrivals) = (rate, pattern)
    return true
  } show: { load in
    load.rate.map { .string(ArrivalText.text(of: $0, load.arrivals)) }
  }

  /// Reads `load`; without one, all defaults.
  static func read(_ node: YAMLNode?, _ diagnostics: inout Diagnostics) -> Section<LoadSettings>.Reading {
    guard let node else { return Section.Reading(value: LoadSettings()) }
    var reading = section.read(node, into: LoadSettings(), &diagnostics)
    if let operations = reading.stated["operations"] {
      if reading.stated["duration"] != nil {
        diagnostics.report(operations.place, "load.operations", "state either duration or operations, not both")
        reading.failed.formUnion(["duration", "operations"])
      }
      reading.value.duration = nil
      if reading.stated["warmup"] == nil { reading.value.warmup = .zero }
    }
    checkProcesses(reading, &diagnostics)
    if reading.isSound("rate", "workers"), case .bursts(let size) = reading.value.arrivals,
      let node = reading.stated["rate"], let most = reading.value.workers.max(), size < most
    {
      diagnostics.report(
        node.place, "load.rate",
        "\(size) at once are fewer than the \(most) workers; state fewer workers, or more at once")
    }
    return reading
  }

  private static func checkProcesses(_ reading: Section<LoadSettings>.Reading, _ diagnostics: inout Diagnostics) {
    let load = reading.value
    guard reading.isSound("processes"), let place = (reading.stated["processes"] ?? reading.stated["threads"])?.place
    else { return }
    let processes = load.processes * (reading.isSound("hosts") ? load.hosts : 1)
    if reading.isSound("workers"), let fewest = load.workers.min(), fewest < processes {
      let hosts = processes > load.processes ? " on \(load.hosts) hosts" : ""
      diagnostics.report(
        place, "load.processes",
        "\(processes) processes\(hosts) need at least \(processes) workers, but load.workers is \(fewest)")
    }
    if reading.isSound("threads"), let threads = load.threads, threads < processes {
      diagnostics.report(
        reading.stated["threads"]?.place ?? place, "load.threads",
        "\(threads) is below the \(processes) of load.processes; each process needs a thread, or state auto")
    }
  }
}
