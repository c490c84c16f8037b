internal import Scripts

/// The commands of a program in memory that stays where it is, so that going through them counts no reference: 700 of the
/// 8,600 instructions of a single select went there.
final class ScriptSteps: @unchecked Sendable {  // because nothing changes after it was made
  /// One command.
  struct Step {
    enum Action: UInt8 {
      case statement, set, jump, jumpUnless, sleep, hold, enter, leave, startPipeline, synchronisePipeline, endPipeline
    }

    var action: Action
    /// Of a statement: what it does.
    var kind = ScriptStatement.Kind.other
    /// Of a statement: whether one that changes no row may be a lost race.
    var expectsRows = false
    /// Of a statement: whether it has rules.
    var hasRules = false
    /// Position of the statement, slot of the variable, or the command to go on at.
    var index = 0
    /// Position among the expressions.
    var expression = 0
    /// Unit of a sleep.
    var nanoseconds: Int64 = 0
  }

  /// The expressions that commands evaluate.
  let expressions: UnsafeMutablePointer<ScriptExpression>
  /// Whether a script has neither something to acknowledge nor a refusal to judge.
  let concludesAtOnce: UnsafeMutablePointer<Bool>
  private let steps: UnsafeMutablePointer<Step>
  private let bounds: UnsafeMutablePointer<Int>
  private let counts: (expressions: Int, steps: Int, scripts: Int)

  init(_ program: ScriptProgram) {
    var expressions: [ScriptExpression] = []
    var steps: [Step] = []
    var bounds = [0]
    for script in program.transactions {
      for command in script.commands { steps.append(Self.step(command, of: script, &expressions)) }
      bounds.append(steps.count)
    }
    self.expressions = Self.copy(expressions)
    self.steps = Self.copy(steps)
    self.bounds = Self.copy(bounds)
    concludesAtOnce = Self.copy(program.transactions.map { $0.acknowledgements.isEmpty && $0.refusals.isEmpty })
    counts = (expressions.count, steps.count, bounds.count)
  }

  deinit {
    expressions.deinitialize(count: counts.expressions)
    expressions.deallocate()
    concludesAtOnce.deallocate()
    steps.deallocate()
    bounds.deallocate()
  }

  /// The first command of a script; jumps count from it.
  func first(_ script: Int) -> UnsafeMutablePointer<Step> { steps + bounds[script] }

  /// How many commands a script has.
  func count(_ script: Int) -> Int { bounds[script + 1] - bounds[script] }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    memory.initialize(from: elements, count: elements.count)
    return memory
  }

  private static func step(
    _ command: ScriptCommand, of script: Script, _ expressions: inout [ScriptExpression]
  ) -> Step {
    switch command {
    case .statement(let index):
      let statement = script.statements[index]
      return Step(
        action: .statement, kind: statement.kind, expectsRows: statement.expectsRows,
        hasRules: !statement.rules.isEmpty, index: index)
    case .set(let slot, let expression):
      expressions.append(expression)
      return Step(action: .set, index: slot, expression: expressions.count - 1)
    case .jump(let target): return Step(action: .jump, index: target)
    case .jumpUnless(let expression, let target):
      expressions.append(expression)
      return Step(action: .jumpUnless, index: target, expression: expressions.count - 1)
    case .sleep(let expression, let unit):
      expressions.append(expression)
      return Step(action: .sleep, expression: expressions.count - 1, nanoseconds: unit)
    case .hold: return Step(action: .hold)
    case .enter: return Step(action: .enter)
    case .leave: return Step(action: .leave)
    case .startPipeline: return Step(action: .startPipeline)
    case .synchronisePipeline: return Step(action: .synchronisePipeline)
    case .endPipeline: return Step(action: .endPipeline)
    }
  }
}
