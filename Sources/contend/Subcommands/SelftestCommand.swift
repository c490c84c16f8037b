internal import ArgumentParser
internal import Engine
internal import Model
internal import Words
internal import Runs

/// `contend selftest`: whether the checkers of this program, on this machine, find what is planted for them.
struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest", abstract: "Run the planted controls: what the checkers must find, and how often they do.",
    discussion: """
      Every control of every backend that is built in runs under every workload. A checker that finds nothing when \
      nothing is protected would pass anything. A control whose server cannot be had is not run, and the table says \
      why. Exit codes: 0 every control that could run fired often enough, 2 one did not, 3 it \
      cannot be told or none could run, 69 a server was lost.
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
    let chosen = SelfTest.backends.filter { backend.isEmpty || backend.contains($0.name) }.flatMap(\.controls)
    let widths = [chosen.map(\.id.count).max() ?? 0, 9, 7, 7, 8]
    print(Self.line(["control", "workload", "fired", "floor", "verdict", "found"], widths))
    var verdicts: [Bool?] = []
    var lost: [String] = []
    for control in chosen {
      do {
        let rows = try rows(of: control, interruption: interruption)
        for row in rows { print(Self.line(row, widths)) }
        verdicts += rows.map(\.holds)
      } catch let absence as SelfTest.Absence {
        print(Self.line([control.id, "-", "-", "-", "not run", absence.reason], widths))
      } catch let failure as EngineFailure where failure.kind == .serviceUnavailable {
        print(Self.line([control.id, "-", "-", "-", "FAILED", failure.message], widths))
        lost.append(failure.message)
      }
    }
    try conclude(verdicts, lost: lost)
  }

  private func rows(of control: StrategyDescriptor, interruption: Int32) throws -> [SelfTest.Row] {
    var progress: TrialProgress?
    defer { progress?.clear() }
    return try SelfTest.run(control, interruption: interruption) { trials in
      let shown = TrialProgress(trials: trials)
      progress = shown
      return shown
    }
  }

  private func conclude(_ verdicts: [Bool?], lost: [String]) throws {
    if verdicts.contains(false) {
      throw CommandFailure(.violation, "a control fired too rarely: passes of its checker prove little")
    }
    if !lost.isEmpty { throw CommandFailure(.serviceUnavailable, lost.joined(separator: "; ")) }
    if verdicts.isEmpty {
      throw CommandFailure(.inconclusive, "no control could run: the table says what is missing")
    }
    if verdicts.contains(nil) {
      throw CommandFailure(.inconclusive, "trials failed, so that a control fired too rarely to tell: run it again")
    }
  }

  private static func line(_ row: SelfTest.Row, _ widths: [Int]) -> String {
    let fields = [
      row.control, row.workload, "\(row.fired) of \(row.trials)", "\(SelfTest.floor) of \(SelfTest.trials)",
      row.holds.map { $0 ? "fires" : "SILENT" } ?? "unknown",
      (row.found.map { "\($0.kind) \(formatCount($0.count))" } + [row.failure].compactMap { $0 }).joined(
        separator: ", "),
    ]
    return line(fields, widths)
  }

  private static func line(_ fields: [String], _ widths: [Int]) -> String {
    let padded = zip(fields, widths).map { $0.leftAligned($1) }
    return (padded + fields.dropFirst(5)).joined(separator: " ")
  }
}
