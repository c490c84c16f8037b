internal import Model

/// Reads the scripts of a scenario and compiles them for one variant and one store.
struct ProgramCompilation {
  private let settings: ScriptSettings
  private let dialect: Dialect
  /// By transaction; one text may be several transactions.
  private let scripts: [ReadScript]
  /// Each text once.
  private let texts: [ReadScript]
  private let names: [String]
  private(set) var problems: Problems
  /// Names of the texts in their order.
  let sources: [String]
  /// Each once, in the order of the texts.
  let variants: [String]

  /// Reads the texts.
  init(_ settings: ScriptSettings) {
    self.settings = settings
    let dialect = Dialect(store: settings.store)
    var problems = Problems()
    var read: [(source: ScriptSettings.Source, script: ReadScript)] = []
    scripts = settings.transactions.map { transaction in
      if let known = read.first(where: { $0.source == transaction.source }) { return known.script }
      let script = ScriptReader.read(transaction.source.name, transaction.source.text, dialect, &problems)
      read.append((transaction.source, script))
      return script
    }
    self.dialect = dialect
    self.problems = problems
    texts = read.map(\.script)
    names = Self.names(settings.transactions)
    sources = (settings.setup.map { [$0.name] } ?? []) + texts.map(\.source)
    variants = texts.flatMap(\.variants).reduce(into: []) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }
  }

  /// Names of files without folder and extension; a second one of the same name gets a number.
  private static func names(_ transactions: [ScriptSettings.Transaction]) -> [String] {
    transactions.reduce(into: []) { names, transaction in
      let file = transaction.source.name.split(separator: "/").last.map(String.init) ?? transaction.source.name
      let base = file.lastIndex(of: ".").map { $0 > file.startIndex ? String(file[..<$0]) : file } ?? file
      let taken = Set(names)
      names.append(
        taken.contains(base) ? (2...).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? base : base)
    }
  }

  /// Compiles everything; what is wrong is in ``problems``.
  mutating func program() -> ScriptProgram {
    checkSettings()
    let definitions = definitions()
    var symbols = Symbols()
    for name in definitions.keys.sorted() { _ = symbols.slot(name) }
    for name in AutomaticVariable.names.sorted() { _ = symbols.slot(name) }

    let steps = scripts.map { ScriptStep.steps(of: $0, settings) }
    let scope = scope(steps, definitions)
    var acknowledgements = AcknowledgementNames(scripts)
    let renderer = TextRenderer(dialect, definitions)
    let checks = checks(renderer, BoundContext(names, definitions), &acknowledgements)

    var transactions: [Script] = []
    var unresolved: [[(slot: Int, place: ScriptPlace)]] = []
    for (index, script) in scripts.enumerated() {
      var compiler = ScriptCompiler(settings, scope, index: index, symbols, problems)
      compiler.compile(steps[index])
      let refusals = script.refusals.compactMap { compiler.closing($0) }
      let acks = acknowledgements.of(script: index).compactMap { compiler.acknowledgement($0.index, $0.amount) }
      symbols = compiler.symbols
      problems = compiler.problems
      unresolved.append(compiler.unresolved)
      if compiler.statements.isEmpty {
        problems.add(ScriptPlace(source: script.source, line: 1, column: 1), "the script has no statement")
      }
      transactions.append(
        Script(
          name: names[index], commands: compiler.commands, statements: compiler.statements, acknowledgements: acks,
          refusals: refusals, holds: compiler.commands.contains { if case .hold = $0 { true } else { false } }))
    }
    return ScriptProgram(
      transactions: transactions, weights: settings.transactions.map(\.weight),
      variables: symbols.names.map { ScriptVariable(name: $0, initial: definitions[$0]) },
      acknowledgements: acknowledgements.names, checks: checks, setup: setup(renderer),
      teardown: texts.flatMap { administrative($0.teardown, renderer) }, isolation: isolation(), mode: settings.mode,
      unresolved: unresolved)
  }

  // MARK: settings

  private mutating func checkSettings() {
    let place = ScriptPlace(source: "transactions", line: 1, column: 1)
    if scripts.isEmpty { problems.add(place, "at least one transaction is needed") }
    if settings.transactions.contains(where: { $0.weight < 0 }) { problems.add(place, "a weight must not be negative") }
    if !scripts.isEmpty, settings.transactions.allSatisfy({ $0.weight <= 0 }) {
      problems.add(place, "the weight of one transaction at least must be above 0")
    }
    if let variant = settings.variant, !variants.contains(variant) {
      let known = variants.isEmpty ? "no variant is named" : "there are \(variants.joined(separator: ", "))"
      problems.add(
        ScriptPlace(source: "variant", line: 1, column: 1),
        "no script names the variant '\(variant)'\(Suggestion.phrase(for: variant, among: variants)); \(known)")
    }
    for script in texts {
      if let (stores, place) = script.backends, !stores.contains(settings.store) {
        problems.add(place, "the script runs on \(stores.joined(separator: " and ")), not on \(settings.store)")
      }
    }
  }

  private mutating func definitions() -> [String: String] {
    var definitions: [String: (value: String, source: String)] = [:]
    for script in texts {
      for (name, value, place) in script.definitions {
        if let known = definitions[name], known.value != value, settings.definitions[name] == nil {
          problems.add(
            place, "\(known.source) defines '\(name)' as \(known.value); state one value in the scenario's 'define'")
        }
        definitions[name] = (value, script.source)
      }
    }
    for name in settings.definitions.keys.sorted() where !SQLLexer.isName(name) {
      problems.add(
        ScriptPlace(source: "define", line: 1, column: 1),
        "'\(name)' cannot be the name of a variable: a letter must come first, then letters, digits and '_'")
    }
    return definitions.mapValues(\.value).merging(settings.definitions) { $1 }
  }

  private func scope(_ steps: [[ScriptStep]], _ definitions: [String: String]) -> NameScope {
    var scope = NameScope(definitions: Set(definitions.keys))
    for (script, steps) in steps.enumerated() {
      for (position, step) in steps.enumerated() {
        switch step {
        case .statement(let statement, _): scope.note(statement, script: script, position: position)
        case .command("set", let arguments, _), .command("setrandom", let arguments, _):
          if let name = ScriptStep.target(arguments) {
            scope.noteAssignment(of: name, script: script, position: position)
          }
        case .command, .hold, .enter, .leave: break
        }
      }
    }
    return scope
  }

  private mutating func isolation() -> String? {
    var chosen: (rank: Int, level: String)?
    for script in texts {
      for (qualifier, level, place) in script.isolation {
        guard let rank = qualifier.rank(variant: settings.variant, store: settings.store) else { continue }
        if let known = chosen, known.rank == rank, known.level != level {
          problems.add(place, "another line says \(known.level); all sessions have one level from their start")
        }
        if rank >= chosen?.rank ?? -1 { chosen = (rank, level) }
      }
    }
    return chosen?.level
  }

  // MARK: texts

  private mutating func setup(_ renderer: TextRenderer) -> [ScriptSettings.Source] {
    var setup: [ScriptSettings.Source] = []
    if let source = settings.setup {
      let text = renderer.render(Fragment(source: source.name, text: source.text), isPlaced: true, &problems)
      setup.append(ScriptSettings.Source(name: source.name, text: text))
    }
    for script in texts { setup += administrative(script.setup, renderer) }
    return setup
  }

  private mutating func administrative(
    _ texts: [ReadScript.AdministrativeText], _ renderer: TextRenderer
  ) -> [ScriptSettings.Source] {
    texts.compactMap { text in
      let rendered = renderer.render(text.sql, isPlaced: true, &problems)
      return text.qualifier.holds(settings) ? ScriptSettings.Source(name: text.sql.source, text: rendered) : nil
    }
  }

  private mutating func checks(
    _ renderer: TextRenderer, _ context: BoundContext, _ acknowledgements: inout AcknowledgementNames
  ) -> [ScriptCheck] {
    var checks: [ScriptCheck] = []
    for script in texts {
      for check in script.checks {
        guard let query = renderer.query(check.query, &problems) else { continue }
        let expectation: ScriptCheck.Expectation?
        switch check.expectation {
        case .noRows: expectation = .noRows
        case .acknowledged(let name): expectation = acknowledgements.bound(name).map { .between($0, $0) }
        case .between(let low, let high):
          let bounds = (bound(low, context, &acknowledgements), bound(high, context, &acknowledgements))
          if case (let low?, let high?) = bounds { expectation = .between(low, high) } else { expectation = nil }
        }
        if let expectation {
          checks.append(ScriptCheck(name: check.name, query: query, expectation: expectation, place: check.place))
        }
      }
    }
    for invariant in settings.invariants {
      if let check = self.check(invariant, renderer, context, &acknowledgements) { checks.append(check) }
    }
    for (position, check) in checks.enumerated() where checks[..<position].contains(where: { $0.name == check.name }) {
      problems.add(
        check.place, "another check has the name '\(check.name)' already; 'ack ... matches' has the name of its sum")
    }
    return checks
  }

  private mutating func check(
    _ invariant: ScriptSettings.Invariant, _ renderer: TextRenderer, _ context: BoundContext,
    _ acknowledgements: inout AcknowledgementNames
  ) -> ScriptCheck? {
    let name = "invariant '\(invariant.name)'"
    let fragment = Fragment(source: name, text: invariant.query)
    guard let query = renderer.query(fragment, &problems) else { return nil }
    var expectation = ScriptCheck.Expectation.noRows
    if let expected = invariant.expected {
      let text = Fragment(source: name, text: expected)
      guard let bound = bound(text, context, &acknowledgements) else { return nil }
      expectation = .between(bound, bound)
    }
    return ScriptCheck(name: invariant.name, query: query, expectation: expectation, place: fragment.place(0))
  }

  private mutating func bound(
    _ fragment: Fragment, _ context: BoundContext, _ acknowledgements: inout AcknowledgementNames
  ) -> ScriptBound? {
    do throws(ExpressionProblem) {
      return try BoundParser.parse(fragment, context, &acknowledgements)
    } catch {
      problems.add(fragment.place(error.offset), error.message)
      return nil
    }
  }
}
