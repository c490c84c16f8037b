public import Model

extension ScriptProgram {
  /// Compiles the scripts of a scenario.
  ///
  /// - Throws: all that is wrong with them.
  public init(_ settings: ScriptSettings) throws(ScriptProblems) {
    var compilation = ProgramCompilation(settings)
    let program = compilation.program()
    try compilation.problems.check(order: compilation.sources)
    self = program
  }

  /// The variants that the scripts name (`--@ instead V`), each once, in the order of the texts.
  ///
  /// - Throws: when a text cannot be read at all.
  public static func variants(of settings: ScriptSettings) throws(ScriptProblems) -> [String] {
    let compilation = ProgramCompilation(settings)
    try compilation.problems.check(order: compilation.sources)
    return compilation.variants
  }
}
