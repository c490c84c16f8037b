internal import ArgumentParser
internal import Engine
internal import Model
internal import Runtime
internal import StrategyCatalog
internal import Terminal
internal import Workloads
internal import Words

/// `contend explain ID`: everything a scenario can state about a workload, strategy or fault.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a strategy, workload or fault: options, stores, what it protects.")

  @Argument(help: "Id or alias of a strategy, or id of a workload or fault.")
  var id: String

  func run() throws {
    if let strategy = StrategyCatalog.descriptor(named: id) {
      explain(strategy)
    } else if let workload = WorkloadRegistry.descriptors.first(where: { $0.id == id }) {
      print("\(workload.id): \(workload.summary)")
      explain(workload.options)
    } else if let fault = FaultRegistry.descriptors.first(where: { $0.id == id }) {
      print("\(fault.id): \(fault.summary)")
      print(
        "done to: \(fault.subject == .workers ? "a worker process" : fault.subject == .service ? "a service" : "redis")"
      )
      explain(fault.options)
      print("It also takes at, \(fault.length == nil ? "" : "for, ")every; see the page Faults of the documentation.")
    } else if let backend = Backend.further(of: id), StrategyCatalog.missing.contains(backend) {
      throw CommandFailure(.usage, "\(id) \(backend.remedy)")
    } else {
      throw CommandFailure(.usage, "there is no strategy, workload or fault '\(id)'; contend list shows all")
    }
  }

  private func explain(_ strategy: StrategyDescriptor) {
    print("\(strategy.id): \(strategy.summary)")
    if !strategy.aliases.isEmpty { print("also called: \(strategy.aliases.joined(separator: ", "))") }
    print(
      "store: \(strategy.store)\(strategy.stores.count > 1 ? " (over: \(strategy.stores.joined(separator: ", ")))" : "")"
    )
    print(
      "needs: \(strategy.services(over: nil).isEmpty ? "nothing" : strategy.services(over: nil).joined(separator: ", "))"
    )
    print("protects: \(protection(strategy))")
    if strategy.takesProgram {
      let role = strategy.id.split(separator: ".").last ?? ""
      print("in a scenario: {external: PROGRAM, as: \(role)}")
    } else if !strategy.stores.isEmpty {
      print("goes around strategies, too: '\(strategy.id) over postgres.for-update', or over: postgres.for-update")
    }
    if !strategy.fencedStores.isEmpty {
      print("records that compare its fencing tokens: \(strategy.fencedStores.joined(separator: ", "))")
    }
    let leadsBesides = strategy.leads && strategy.applicability != .election
    print(
      "operations: \(operations(strategy.applicability))"
        + (leadsBesides ? ", and \(operations(.election))" : ""))
    if let lists = strategy.lists {
      print("transactions over lists (workload list-append): \(promise(lists, strategy))")
    }
    print("round trips while others are kept out, for one record: \(strategy.roundTripsUnderLock)")
    if !strategy.stages.isEmpty { print("stages that are timed: \(strategy.stages.joined(separator: ", "))") }
    if !strategy.points.isEmpty {
      print("points at which the fault kill-at-point ends a process: \(strategy.points.joined(separator: ", "))")
    }
    explain(strategy.options)
    let width = max(40, TerminalStyle.standardOutput.width)
    let parts = StrategyDescriptor.parts(of: strategy.id).map { [$0.lock, $0.inner] } ?? []
    for described in [strategy] + parts.compactMap(StrategyCatalog.descriptor(named:)) {
      print("\n" + described.documentationLines(width: width).joined(separator: "\n"))
    }
  }

  private func protection(_ strategy: StrategyDescriptor) -> String {
    if strategy.grade == .required {
      let harm =
        switch strategy.applicability {
        case .deliveries: "repeat requests"
        case .job: "run a tick twice"
        default: "lose updates"
        }
      return "nothing; it is a control that must \(harm)"
    }
    switch strategy.scope {
    case .process: return "threads of one process; loses updates between processes"
    case .host: return "threads and processes of one host"
    case .network: return "everybody who reaches the server"
    }
  }

  private func operations(_ applicability: Applicability) -> String {
    switch applicability {
    case .any: "all"
    case .singleKey: "those on a single record"
    case .unguardedAdd: "additions to a single record without a bound"
    case .lists: "transactions over lists"
    case .deliveries: "requests with an idempotency key, delivered twice now and then (workloads payment and click)"
    case .job: "runs of a scheduled job (workload job)"
    case .election: "effects of a leader (workload election)"
    case .script: "transactions of your own (workload script)"
    }
  }

  private func promise(_ lists: ListTransactions, _ strategy: StrategyDescriptor) -> String {
    if lists.grade == .required { return "none, statements of their own; a control that must show anomalies" }
    let usual = lists.isolation(Options(strategy.options))
    let raised = strategy.options.filter { $0.kind == .flag }.compactMap { option -> String? in
      let level = lists.isolation(Options(strategy.options, stated: [option.name: .flag(true)]))
      return level == usual ? nil : "; with \(option.name): \(level.rawValue)"
    }
    return "promises \(usual.rawValue)" + raised.joined()
  }

  private func explain(_ options: [OptionSpecification]) {
    if options.isEmpty { return print("options: none") }
    print("options:")
    for option in options {
      print("  \(option.name): \(option.defaultValue.text)\n      \(option.summary)")
    }
  }
}

extension OptionValue {
  /// The value as a scenario file would state it, more or less.
  fileprivate var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .word(let value): value
    case .duration(let value): formatDuration(nanoseconds: Double(max(0, value.nanoseconds)))
    }
  }
}
