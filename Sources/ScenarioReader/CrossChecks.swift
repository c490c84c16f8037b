internal import Model

/// What must hold between the parts of a scenario, each of which is in order by itself.
struct CrossChecks {
  let vocabulary: Vocabulary
  /// Nil when the workload could not be read.
  let workload: WorkloadSection.Reading?
  let load: Section<LoadSettings>.Reading
  let strategies: [StrategyReading]

  func report(to diagnostics: inout Diagnostics) {
    checkLabels(&diagnostics)
    checkApplicability(&diagnostics)
    checkThreads(&diagnostics)
    checkLength(&diagnostics)
  }

  private func checkLabels(_ diagnostics: inout Diagnostics) {
    var taken: [String: Problem.Place] = [:]
    for strategy in strategies {
      let label = strategy.selection.label
      guard let first = taken[label] else {
        taken[label] = strategy.place
        continue
      }
      let line = if case .position(let line, _) = first { " on line \(line)" } else { "" }
      diagnostics.report(
        strategy.place, "strategies", "\(label) is already the label of the strategy\(line); give this one a 'label'")
    }
  }

  private func checkApplicability(_ diagnostics: inout Diagnostics) {
    guard let workload else { return }
    for strategy in strategies where !strategy.descriptor.covers(workload.applicability) {
      let id = strategy.descriptor.id
      let reason =
        switch (strategy.descriptor.applicability, workload.applicability) {
        case (_, .lists): "it has no transactions over lists"
        case (_, .deliveries): "it takes no requests with an idempotency key"
        case (_, .job): "it runs no jobs; state a lock over postgres.purge, or postgres.purge itself"
        case (_, .election): "it is no lock that can be held over many operations"
        case (_, .script): "it runs no scripts"
        case (.script, _): "it runs nothing but scripts (workload script)"
        case (.job, _): "it runs nothing but jobs (workload job)"
        case (.election, _): "it holds an office and nothing else (workload election)"
        case (.deliveries, _): "it takes nothing but requests with an idempotency key (workloads payment and click)"
        case (.unguardedAdd, .singleKey): "its operations are not all unguarded additions"
        default: "its operations touch several keys"
        }
      let remedy = alternative(to: strategy.descriptor, workload.applicability).map { "; use \($0)" } ?? ""
      diagnostics.report(
        strategy.place, nil, "strategy \(id) cannot run workload \(workload.settings.kind): \(reason)\(remedy)")
    }
  }

  /// The strategy of the same backend that comes nearest among those that can do it and do not plan to fail; of the few
  /// with transactions over lists, all where that backend has none.
  private func alternative(to descriptor: StrategyDescriptor, _ needed: Applicability) -> String? {
    let backend = descriptor.id.prefix { $0 != "." }
    let able = vocabulary.strategies.filter { $0.covers(needed) && $0.grade != .required }
    let near = able.filter { $0.id.prefix { $0 != "." } == backend }
      .min { $0.applicability.breadth < $1.applicability.breadth }
    if needed == .lists, near == nil { return able.isEmpty ? nil : able.map(\.id).joined(separator: ", ") }
    return near?.id
  }

  private func checkThreads(_ diagnostics: inout Diagnostics) {
    guard load.isSound("threads", "workers"), let threads = load.value.threads, let node = load.stated["threads"]
    else { return }
    guard let strategy = strategies.first(where: { $0.descriptor.threading == .perWorker }) else { return }
    for workers in load.value.workers where workers != threads {
      diagnostics.report(
        node.place, "load.threads",
        "strategy \(strategy.descriptor.id) needs one thread per worker, but \(threads) threads are stated for "
          + "\(workers) workers; state auto")
      return
    }
  }

  /// A trial bounded by operations that hold their keys cannot be faster than one after the other on each key.
  private func checkLength(_ diagnostics: inout Diagnostics) {
    guard load.isSound("operations", "duration", "workers"), let operations = load.value.operations, let workload,
      let node = load.stated["operations"], let fewest = load.value.workers.min()
    else { return }
    let atOnce = min(fewest, workload.settings.keys)
    let least = workload.settings.hold * (Double(operations) / Double(atOnce))
    guard least > .seconds(86_400) else { return }
    let hold = DurationText.text(of: workload.settings.hold)
    diagnostics.report(
      node.place, "load.operations",
      "\(operations) operations that hold a key for \(hold) take more than a day with \(fewest) workers and "
        + "\(workload.settings.keys) keys; state fewer, a shorter workload.hold, or load.duration")
  }
}
