internal import Model

extension GateVerdict {
  /// The figures in the text format of OpenMetrics, for GitLab's metrics reports and for Prometheus.
  public var openMetrics: String {
    var lines = [
      "# TYPE contend_gate_exit_code gauge", "# HELP contend_gate_exit_code Exit code of contend gate.",
      "contend_gate_exit_code \(exitCode)",
      "# TYPE contend_gate_unchecked_cells gauge",
      "# HELP contend_gate_unchecked_cells Cells that are new: their speed was compared with nothing.",
      "contend_gate_unchecked_cells \(uncheckedCells)",
    ]
    lines += family("cost_change", "Growth of the cost from base to candidate; a ratio of 0.1 is 10 percent more.") {
      $0.shown.map { [("", $0.estimate)] } ?? []
    } value: {
      $0.growth($1)
    }
    lines += family("value", "Typical value of each arm: per second, nanoseconds, per operation, or an index.") {
      [("base", $0.base), ("candidate", $0.candidate)].compactMap { name, value in value.map { (name, $0) } }
    } value: {
      $1
    }
    return (lines + ["# EOF"]).joined(separator: "\n") + "\n"
  }

  private func family(
    _ name: String, _ help: String, _ samples: (GateComparison) -> [(arm: String, value: Double)],
    value: (GateComparison, Double) -> Double
  ) -> [String] {
    var lines = ["# TYPE contend_gate_\(name) gauge", "# HELP contend_gate_\(name) \(help)"]
    for comparison in comparisons {
      for sample in samples(comparison) {
        let number = value(comparison, sample.value)
        guard number.isFinite else { continue }
        let arm = sample.arm.isEmpty ? "" : ",arm=\"\(sample.arm)\""
        let cell = comparison.cell.title.inOpenMetrics
        lines.append("contend_gate_\(name){cell=\"\(cell)\",metric=\"\(comparison.metric.rawValue)\"\(arm)} \(number)")
      }
    }
    return lines
  }
}
