public import Model

extension ScenarioReader {
  /// What is allowed in a scenario and yet hardly meant, one sentence each.
  public func warnings(about scenario: Scenario) -> [String] {
    endlessDeadlocks(in: scenario) + databasesOfOneServer(in: scenario) + longJobs(in: scenario)
      + longEffects(in: scenario)
  }

  /// A server ends one of two transactions that wait for each other; nobody does so for locks inside one host.
  private func endlessDeadlocks(in scenario: Scenario) -> [String] {
    let unordered = scenario.variants.filter { !vocabulary.isOrdered($0.workload) }
    guard let first = unordered.first, scenario.workers.contains(where: { $0 > 1 }) else { return [] }
    let labels = scenario.strategies.filter { vocabulary.strategy($0.id)?.isLockOfOneHost == true }.map(\.label)
    guard !labels.isEmpty else { return [] }
    let place = unordered.count < scenario.variants.count ? " (in the variant \(first.name))" : ""
    return [
      "workload \(first.workload.kind) locks its keys in any order\(place), and nothing ends a deadlock of locks inside "
        + "one host: trials of \(labels.joined(separator: ", ")) will soon stand still until they are cut off; lock "
        + "in order, or leave these strategies out"
    ]
  }

  /// Two databases of one server share its disk, its memory and its limits: that is not what two servers do.
  private func databasesOfOneServer(in scenario: Scenario) -> [String] {
    let services = scenario.strategies.flatMap { selection in
      scenario.variants.flatMap { variant in
        vocabulary.strategy(selection.id)?.sharding(over: selection.over, shards: variant.workload.shards)?.services
          ?? []
      }
    }
    return scenario.services.databasesOfOneServer(among: Set(services).sorted()).map { group in
      "\(group.joined(separator: " and ")) are databases of one server, by their addresses: they share its disk and its "
        + "limits, such as that of prepared transactions"
    }
  }
}

extension ScenarioReader {
  /// A job that takes longer than its period, or than the lock that keeps others out.
  private func longJobs(in scenario: Scenario) -> [String] {
    scenario.variants.filter { $0.workload.kind == "job" }.flatMap { variant in
      let (work, period) = (variant.workload.options.duration("work"), variant.workload.options.duration("period"))
      let place = scenario.variants.count > 1 ? " (in the variant \(variant.name))" : ""
      let length = "the work of a run takes \(DurationText.text(of: work))\(place), "
      let overrun =
        length
        + "longer than the period of \(DurationText.text(of: period)): runs of two ticks meet, or ticks are missed"
      return (work > period ? [overrun] : [])
        + scenario.strategies.compactMap { selection in
          guard let lease = selection.options.unrenewedLease, lease < work else { return nil }
          return length
            + "longer than \(selection.label) holds its lock, \(DurationText.text(of: lease)), and nothing renews it: "
            + "others get in meanwhile"
        }
    }
  }

  /// An effect of a leader that takes longer than the lease under which it leads, which is renewed before each effect.
  private func longEffects(in scenario: Scenario) -> [String] {
    scenario.variants.filter { $0.workload.kind == "election" }.flatMap { variant in
      scenario.strategies.compactMap { selection in
        guard let lease = selection.options.unrenewedLease, lease < variant.workload.hold else { return nil }
        let place = scenario.variants.count > 1 ? " (in the variant \(variant.name))" : ""
        return "an effect takes \(DurationText.text(of: variant.workload.hold))\(place), longer than the lease of "
          + "\(selection.label), \(DurationText.text(of: lease)), which nothing renews meanwhile: another one leads by then"
      }
    }
  }
}

extension Options {
  /// Options of locks that end by themselves.
  private static let leases = ["ttl", "expire-after", "lock-at-most-for", "lease-time"]

  /// After which time a lock with these options ends by itself; nil when it does not, or is renewed.
  fileprivate var unrenewedLease: Duration? {
    if values["renew"] == .flag(true) { return nil }
    let lengths = Self.leases.compactMap { name -> Duration? in
      if case .duration(let length)? = values[name], length > .zero { length } else { nil }
    }
    return lengths.min()
  }
}

extension StrategyDescriptor {
  /// Whether it is a lock (it can be put around other stores) that threads or processes of one host share.
  fileprivate var isLockOfOneHost: Bool { scope != .network && !stores.isEmpty }
}
