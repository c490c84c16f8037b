import Model

@testable import Scripts

/// Compiles scripts as tests state them.
enum Fixture {
  static func settings(
    _ texts: String..., mode: ScriptSettings.Mode = .prepared, variant: String? = nil, store: String = "postgres",
    definitions: [String: String] = [:], setup: String? = nil, invariants: [ScriptSettings.Invariant] = []
  ) -> ScriptSettings {
    ScriptSettings(
      setup: setup.map { ScriptSettings.Source(name: "setup.sql", text: $0) },
      transactions: texts.enumerated().map { index, text in
        ScriptSettings.Transaction(
          ScriptSettings.Source(name: index == 0 ? "sql/book.sql" : "sql/other\(index).sql", text: text))
      },
      invariants: invariants, definitions: definitions, mode: mode, variant: variant, store: store)
  }

  /// What is wrong, as messages begin: `sql/book.sql:3:7: ...`.
  static func problems(_ settings: ScriptSettings) -> [String] {
    do throws(ScriptProblems) {
      _ = try ScriptProgram(settings)
      return []
    } catch {
      return error.all.map(\.description)
    }
  }

  static func problems(_ text: String) -> [String] { problems(settings(text)) }

  /// The texts that go out, with numbered placeholders.
  static func sent(_ program: ScriptProgram, script: Int = 0) -> [String] {
    program.transactions[script].commands.compactMap { command in
      if case .statement(let index) = command {
        program.transactions[script].statements[index].text(numbered: true)
      } else {
        nil
      }
    }
  }

  /// The value of an expression, as `\set` would give it to a variable.
  static func value(_ expression: String, definitions: [String: String] = [:], seed: UInt64 = 1) throws -> ScriptValue {
    let program = try ScriptProgram(settings("\\set x \(expression)\nSELECT :x;", definitions: definitions))
    var variables = ScriptVariables(program, worker: 3, seed: seed)
    guard case .set(_, let compiled) = program.transactions[0].commands[0] else { return .null }
    return try variables.evaluate(compiled)
  }

  /// Runs the `\set` commands of a script once, conditions included, and gives the variables as text.
  static func run(_ text: String, seed: UInt64 = 1) throws -> [String: String] {
    let program = try ScriptProgram(settings(text))
    var variables = ScriptVariables(program, worker: 3, seed: seed)
    variables.begin(RandomSource(seed: seed))
    let commands = program.transactions[0].commands
    var position = 0
    while position < commands.count {
      switch commands[position] {
      case .set(let slot, let expression): variables.set(slot, try variables.evaluate(expression))
      case .jump(let target):
        position = target
        continue
      case .jumpUnless(let expression, let target) where try !variables.holds(expression):
        position = target
        continue
      default: break
      }
      position += 1
    }
    var values: [String: String] = [:]
    for (slot, variable) in program.variables.enumerated() { values[variable.name] = variables.text(slot) }
    return values
  }
}

extension ScriptVariables {
  /// A variable as it goes out.
  func text(_ slot: Int) -> String? {
    var bytes: [UInt8] = []
    return write(slot, to: &bytes) ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
