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
    print("workloads")
    for workload in WorkloadRegistry.descriptors {
      print("  " + pad(workload.id, to: 24) + workload.summary)
    }
    print("\nfaults")
    for fault in FaultRegistry.descriptors {
      print("  " + pad(fault.id, to: 24) + fault.summary)
    }
    var backend = ""
    for strategy in StrategyCatalog.descriptors {
      let own = String(strategy.id.prefix { $0 != "." })
      if own != backend {
        backend = own
        print("\n\(backend)")
      }
      let aliases = strategy.aliases.isEmpty ? "" : " (also \(strategy.aliases.joined(separator: ", ")))"
      print("  " + pad(strategy.id, to: 24) + strategy.summary + aliases)
    }
    if !StrategyCatalog.missing.isEmpty {
      print("\nnot built in")
      for backend in StrategyCatalog.missing {
        print("  " + pad(backend.name, to: 24) + "swift build --traits \(backend.trait), or scripts/contend --all list")
      }
    }
    print("\ncontend explain ID tells more about each.")
  }

  private func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
