internal import Model

extension Footnotes {
  /// Cells whose figures say more about the harness than about their strategies, one note for each way in which they do.
  var boundByHarness: [String] {
    let bounds = cells.flatMap { cell in cell.harnessBounds(among: cells).map { (name: cell.cell.name, bound: $0) } }
    let notes: [(about: String, remedy: String, places: [String])] = [
      (
        "harness at its limit, worker threads had work all the time and servers waited for them",
        "add threads (load.threads) or processes, and leave them a CPU",
        bounds.compactMap { name, bound in
          guard case .neverIdle(let computing, let ready, let switches) = bound else { return nil }
          let waiting =
            ready <= HarnessBound.readyLimit
            ? "" : ", waiting for a CPU \(formatPercent(ready)) with \(formatRate(switches)) involuntary switches/s"
          return "\(name): computing \(formatPercent(computing))\(waiting)"
        }
      ),
      (
        "harness is most of what was measured, a null operation takes nearly as long",
        "compare such strategies by their correctness, not by their speed",
        bounds.compactMap { name, bound in
          guard case .nullOperation(let share, let floor) = bound else { return nil }
          return "\(name): \(formatPercent(share)) of the rate of \(floor)"
        }
      ),
      (
        "harness idle, workers spent time outside of operations", "distrust the goodput, not the latency",
        bounds.compactMap { name, bound in
          if case .outsideOperations(let share) = bound { "\(name): \(formatShare(share))" } else { nil }
        }
      ),
      (
        "load generator was the bottleneck, the processors of hosts were used up by our workers",
        "spread the load over more hosts (load.hosts)",
        bounds.flatMap { name, bound -> [String] in
          guard case .saturatedHosts(let hosts) = bound else { return [] }
          return hosts.compactMap { host in host.load.map { "\(name): \(host.inWords.printable) was \($0)" } }
        }
      ),
    ]
    return notes.filter { !$0.places.isEmpty }.map { "\($0.about) (\(few($0.places))): \($0.remedy)" }
  }
}
