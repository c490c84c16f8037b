internal import ArgumentParser
internal import Engine
internal import Model
internal import StrategyCatalog
internal import Workloads

/// `contend list`: workloads, faults and strategies with what they need.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the workloads, faults and strategies of this program.")

  func run() throws {
    show("workloads", WorkloadRegistry.descriptors.map { ($0.id, $0.summary) })
    show("\nfaults", FaultRegistry.descriptors.map { ($0.id, $0.summary) })
    var rest = StrategyCatalog.descriptors[...]
    while let first = rest.first {
      let backend = first.id.prefix { $0 != "." }
      let own = rest.prefix { $0.id.prefix { $0 != "." } == backend }
      rest = rest[own.endIndex...]
      show("\n\(backend)", own.map { ($0.id, $0.summary + aliases($0)) })
    }
    if !StrategyCatalog.missing.isEmpty {
      show(
        "\nnot built in",
        StrategyCatalog.missing.map { ($0.name, "swift build --traits \($0.trait), or scripts/contend --all list") })
    }
    print("\ncontend explain ID tells more about each.")
  }

  private func aliases(_ strategy: StrategyDescriptor) -> String {
    strategy.aliases.isEmpty ? "" : " (also \(strategy.aliases.joined(separator: ", ")))"
  }

  /// A heading and its rows, the second column where the longest name of the group leaves room.
  private func show(_ heading: String, _ rows: [(name: String, summary: String)]) {
    print(heading)
    let width = max(24, rows.reduce(0) { max($0, $1.name.count) } + 2)
    for row in rows {
      print("  " + row.name + String(repeating: " ", count: width - row.name.count) + row.summary)
    }
  }
}
