internal import Model
internal import Scripts

/// Compiles a user's scripts for every strategy that runs them, so that all that is wrong with them is told with the rest.
enum ScriptChecks {
  /// Reports problems with the places of the files that hold them.
  static func report(
    _ workload: WorkloadSection.Reading?, _ strategies: [StrategyReading], _ diagnostics: inout Diagnostics
  ) {
    guard let workload, workload.applicability == .script, !diagnostics.leavesFilesUnread else { return }
    var told: Set<String> = []
    for strategy in strategies where strategy.descriptor.applicability == .script {
      let script = (workload.settings.script ?? ScriptSettings())
        .selected(by: strategy.selection, on: strategy.descriptor.store)
      if script.transactions.isEmpty {
        diagnostics.report(
          workload.place, "workload",
          "\(strategy.selection.label) has no scripts to run; name them in workload.transactions, or in its own 'transactions'"
        )
        return
      }
      for problem in problems(of: script, hold: workload.settings.hold) where told.insert(problem.description).inserted
      {
        diagnostics.report(problem, script, of: strategy, workload)
      }
    }
  }

  private static func problems(of script: ScriptSettings, hold: Duration) -> [ScriptProblem] {
    do throws(ScriptProblems) {
      let program = try ScriptProgram(script)
      if hold == .zero || program.transactions.contains(where: \.holds) { return [] }
      let message = "workload.hold has no meaning: no script has a line '--@ hold' that says where"
      return [ScriptProblem(source: script.transactions[0].source.name, line: 1, column: 1, message)]
    } catch {
      return error.all
    }
  }
}

extension Diagnostics {
  /// A problem of a script: in its own file, or in the text that the scenario holds.
  fileprivate mutating func report(
    _ problem: ScriptProblem, _ script: ScriptSettings, of strategy: StrategyReading,
    _ workload: WorkloadSection.Reading
  ) {
    let name = problem.source
    if let variant = script.variant, name == "variant" {
      report(strategy.place, "variant", "\(variant.quotedForMessage): \(problem.message)")
    } else if ScriptFiles.exists(name, beside: path) {
      add([
        Problem(
          path: ScriptFiles.path(of: name, beside: path), place: .position(line: problem.line, column: problem.column),
          message: problem.message)
      ])
    } else {
      report(workload.place, "workload", "\(problem.description)")
    }
  }
}
