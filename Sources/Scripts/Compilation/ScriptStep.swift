internal import Model

/// What is left of an item of a script once variant and store are chosen.
enum ScriptStep {
  case statement(ReadStatement, [ReadRule])
  case command(String, Fragment, ScriptPlace)
  case hold(ScriptPlace)
  case enter
  case leave

  /// Chooses the statements of a variant and a store, and the rules that hold there.
  static func steps(of script: ReadScript, _ settings: ScriptSettings) -> [ScriptStep] {
    script.items.flatMap { item -> [ScriptStep] in
      switch item {
      case .statement(let statement, let alternatives):
        let ranked = alternatives.replacements.compactMap { replacement in
          replacement.qualifier.rank(variant: settings.variant, store: settings.store).map {
            ($0, replacement.statements)
          }
        }
        let chosen = ranked.max { $0.0 < $1.0 }?.1 ?? [statement]
        let rules = alternatives.rules.filter { $0.qualifier.holds(settings) }.map {
          ReadRule(rule: $0.rule, place: $0.place)
        }
        // Rules are about the answer of the last.
        return chosen.enumerated().map { .statement($1, $0 == chosen.count - 1 ? rules : []) }
      case .command(let name, let arguments, let place): return [.command(name, arguments, place)]
      case .hold(let place): return [.hold(place)]
      case .enter: return [.enter]
      case .leave: return [.leave]
      }
    }
  }

  /// The variable that a `\set` or `\setrandom` gives a value; nil when its name cannot be one.
  static func target(_ arguments: Fragment) -> String? {
    arguments.words.first.map(arguments.text).flatMap { SQLLexer.isName($0) ? $0 : nil }
  }
}

/// A rule with its place.
struct ReadRule {
  let rule: ScriptRule
  let place: ScriptPlace
}
