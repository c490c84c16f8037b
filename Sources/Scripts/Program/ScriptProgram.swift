public import Model

/// The transactions of a scenario, compiled for one variant and one store: what workers run.
///
/// Variables are those of the worker and common to all scripts, as in pgbench; each has a slot.
public struct ScriptProgram: Sendable {
  /// The transactions, in their order.
  public let transactions: [Script]
  /// Weights of the transactions.
  public let weights: [Int]
  /// The variables by slot.
  public let variables: [ScriptVariable]
  /// What is acknowledged, over all scripts, in the order in which it is named first. An ack that several scripts name is one.
  public let acknowledgements: [String]
  /// What must hold.
  public let checks: [ScriptCheck]
  /// Texts that make the tables and fill them, in their order; each may be several statements.
  public let setup: [ScriptSettings.Source]
  /// Texts that are run after the trial and its checks.
  public let teardown: [ScriptSettings.Source]
  /// Level that sessions have from their start, in the words of SQL (`REPEATABLE READ`); nil for the server's.
  public let isolation: String?
  /// How statements are sent.
  public let mode: ScriptSettings.Mode

  /// Variables that only columns can give a value, by script.
  let unresolved: [[(slot: Int, place: ScriptPlace)]]

  /// The slot of a variable; nil when no script names it, so that nobody misses it.
  public func slot(of name: String) -> Int? { variables.firstIndex { $0.name == name } }

  /// The variables of a script that nothing but a column of a statement with `\gset` or `\aset` can give a value, in any
  /// script of the scenario: whoever knows the columns can refuse the others before anything runs.
  public func unresolved(script: Int) -> [(slot: Int, place: ScriptPlace)] { unresolved[script] }

  /// The names of ``unresolved(script:)`` that none of some captured variables has, as problems.
  ///
  /// - Parameter captured: prefix and column of every capture of every script.
  public func problems(captured: Set<String>) -> [ScriptProblem] {
    unresolved.joined().filter { !captured.contains(variables[$0.slot].name) }.map { slot, place in
      let name = variables[slot].name
      let hint = Suggestion.phrase(for: name, among: captured.sorted())
      return ScriptProblem(
        source: place.source, line: place.line, column: place.column, "no statement has a column for ':\(name)'\(hint)")
    }
  }
}

/// A variable of a worker.
public struct ScriptVariable: Sendable {
  /// Its name without the colon.
  public let name: String
  /// Its value at the start of a worker; nil when it has none. Automatic ones (`client_id`, `random_seed`, `default_seed`,
  /// `scale`) get theirs when a worker starts.
  public let initial: String?
}

/// One transaction script.
public struct Script: Sendable {
  /// Its name: that of the file without folder and extension.
  public let name: String
  /// What it does, in its order.
  public let commands: [ScriptCommand]
  /// The statements that commands name by their position.
  public let statements: [ScriptStatement]
  /// What a committed operation adds to an acknowledged sum.
  public let acknowledgements: [ScriptAcknowledgement]
  /// Judged after a successful end: the operation counts as refused when one of them is true.
  public let refusals: [ScriptExpression]
  /// Whether one of the commands holds.
  public let holds: Bool
}

/// One command of a script. Conditions have become jumps.
public enum ScriptCommand: Sendable {
  /// Sends a statement, by its position, and waits for its answer.
  case statement(Int)
  /// Gives a variable a value.
  case set(slot: Int, ScriptExpression)
  /// Goes on at a position of the list.
  case jump(Int)
  /// Goes on at a position of the list unless an expression is true.
  case jumpUnless(ScriptExpression, Int)
  /// Waits: a value times so many nanoseconds.
  case sleep(ScriptExpression, nanoseconds: Int64)
  /// Waits as long as the workload's hold time.
  case hold
  /// A critical section begins.
  case enter
  /// A critical section ends.
  case leave
  /// Statements are sent together from here on.
  case startPipeline
  /// Waits for the answers to all statements since the pipeline was started or synchronised.
  case synchronisePipeline
  /// The same, and ends the pipeline.
  case endPipeline
}

/// What a committed operation adds to an acknowledged sum.
public struct ScriptAcknowledgement: Sendable {
  /// Position in ``ScriptProgram/acknowledgements``.
  public let index: Int
  /// What is added, rounded to an integer.
  public let amount: ScriptExpression
  /// Whether the amount is only known once the deciding statement was answered, because that statement captures a variable
  /// of it: then the amount of an operation whose answer was lost is not known at all.
  public let isLate: Bool
}
