internal import ArgumentParser
internal import Engine
internal import Model
internal import Terminal

/// `contend selftest`: whether the checkers of this program, on this machine, find what is planted for them.
struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest", abstract: "Run the planted controls: what the checkers must find, and how often they do.",
    discussion: """
      Every control of every backend that is built in runs under every workload. A checker that finds nothing when \
      nothing is protected would pass anything. Exit codes: 0 every control fired often enough, 2 one did not, \
      69 a server is missing.
      """)

  @Option(help: ArgumentHelp("Only the controls of this backend; may be repeated.", valueName: "name"))
  var backend: [String] = []

  func validate() throws {
    let known = SelfTest.backends.map(\.name)
    if let unknown = backend.first(where: { !known.contains($0) }) {
      throw ValidationError("--backend \(unknown): there is none; the backends are \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    let interruption = Interruption.descriptor()
    print(Self.line(["control", "workload", "fired", "floor", "verdict", "found"]))
    var (holds, missing) = (true, [String]())
    for (name, controls) in SelfTest.backends where backend.isEmpty || backend.contains(name) {
      do {
        for row in try SelfTest.run(controls, interruption: interruption) {
          print(Self.line(row))
          holds = holds && row.holds
        }
      } catch let failure as EngineFailure where failure.kind == .serviceUnavailable {
        for control in controls { print(Self.line([control.id, "-", "-", "-", "not run", ""])) }
        missing.append(failure.message)
      }
    }
    if !holds { throw CommandFailure(.violation, "a control fired too rarely: passes of its checker prove little") }
    if !missing.isEmpty { throw CommandFailure(.serviceUnavailable, missing.joined(separator: "; ")) }
  }

  private static func line(_ row: SelfTest.Row) -> String {
    line([
      row.control, row.workload, "\(row.fired) of \(row.trials)", "\(SelfTest.floor) of \(SelfTest.trials)",
      row.holds ? "fires" : "SILENT",
      row.found.map { "\($0.kind) \(formatCount($0.count))" }.joined(separator: ", "),
    ])
  }

  private static func line(_ fields: [String]) -> String {
    let padded = zip(fields, [18, 9, 7, 7, 8]).map { field, width in
      field + String(repeating: " ", count: max(0, width - field.count))
    }
    return (padded + fields.dropFirst(5)).joined(separator: " ")
  }
}
