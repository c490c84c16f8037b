internal import Model

/// How the arrivals of an open loop were spread, as the column says.
let arrivalColumn = Column<TrialRow<Void>>.text(
  ifAny: "arrivals",
  "How the arrivals of an open loop were spread over time: `poisson`, `uniform`, or so many `at once`; empty in a closed "
    + "loop."
) { $0.trial.conditions.ratePerSecond == nil ? nil : $0.trial.conditions.arrivals.name }

/// How far away services seemed to be, as the column says.
let distanceColumn = Column<TrialRow<Void>>.text(
  ifAny: "distances_ns",
  "Nanoseconds that round trips to services took longer by request of the scenario: `service=rtt`, with `+-jitter` of "
    + "each way where there was any, separated by `;`; empty without."
) { distanceText($0.trial.conditions.distances) }

private func distanceText(_ distances: [String: Distance]) -> String {
  distances.sorted { $0.key < $1.key }.map { name, distance in
    let jitter = distance.jitter == .zero ? "" : "+-\(distance.jitter.nanoseconds)"
    return "\(name)=\(distance.roundTrip.nanoseconds)\(jitter)"
  }.joined(separator: ";")
}

/// Which servers a strategy talked to, as the column says.
let serverColumn = Column<TrialRow<Void>>.text(
  ifAny: "servers", "The servers that the strategy talks to, separated by `;`; empty for one that needs none."
) { $0.trial.conditions.servers.joined(separator: ";") }

/// The columns of `trials.csv` that say under which conditions a trial ran.
let conditionColumns: [Column<TrialRow<Void>>] = [
  variantColumn(\.trial.cell),
  .text(ifAny: "workload", "Id of the workload.", \.trial.conditions.workload),
  .integer("keys", "Records fought over.", \.trial.conditions.keys),
  .text("distribution", "How records are chosen: `uniform` or `zipfian`.") { row in
    row.trial.conditions.distribution == .uniform ? "uniform" : "zipfian"
  },
  .number("theta", "Skew of `zipfian`: record i has a weight of (i+1)^-theta.") { row in
    guard case .zipfian(let theta) = row.trial.conditions.distribution else { return nil }
    return theta
  },
  .integer("hold_ns", "Time inside the critical section that the scenario asks for.") {
    $0.trial.conditions.hold.nanoseconds
  },
  .integer("think_ns", "Time between two operations of a worker that the scenario asks for.") {
    $0.trial.conditions.think.nanoseconds
  },
  .number(
    "rate_per_s", "Arrivals per second over all workers in an open loop; empty in a closed loop.",
    \.trial.conditions.ratePerSecond),
]
