/// The functions of expressions by name.
struct ScriptFunction {
  let operation: Instruction.Operation?
  let arguments: ClosedRange<Int>
  /// Whether a missing last argument is `:default_seed`.
  var isSeeded = false

  /// So many arguments a function takes at most, as in pgbench.
  static let largestNumberOfArguments = 16

  /// All of pgbench's. `debug` gives its argument back and prints nothing: a worker that prints measures the terminal.
  static let all: [String: ScriptFunction] = [
    "abs": ScriptFunction(operation: .abs, arguments: 1...1),
    "debug": ScriptFunction(operation: nil, arguments: 1...1),
    "double": ScriptFunction(operation: .double, arguments: 1...1),
    "exp": ScriptFunction(operation: .exp, arguments: 1...1),
    "greatest": ScriptFunction(operation: .greatest, arguments: 1...largestNumberOfArguments),
    "hash": ScriptFunction(operation: .hashMurmur2, arguments: 1...2, isSeeded: true),
    "hash_fnv1a": ScriptFunction(operation: .hashFNV1a, arguments: 1...2, isSeeded: true),
    "hash_murmur2": ScriptFunction(operation: .hashMurmur2, arguments: 1...2, isSeeded: true),
    "int": ScriptFunction(operation: .int, arguments: 1...1),
    "least": ScriptFunction(operation: .least, arguments: 1...largestNumberOfArguments),
    "ln": ScriptFunction(operation: .ln, arguments: 1...1),
    "mod": ScriptFunction(operation: .modulo, arguments: 2...2),
    "permute": ScriptFunction(operation: .permute, arguments: 2...3, isSeeded: true),
    "pi": ScriptFunction(operation: .pi, arguments: 0...0),
    "pow": ScriptFunction(operation: .pow, arguments: 2...2),
    "power": ScriptFunction(operation: .pow, arguments: 2...2),
    "random": ScriptFunction(operation: .random, arguments: 2...2),
    "random_exponential": ScriptFunction(operation: .exponential, arguments: 3...3),
    "random_gaussian": ScriptFunction(operation: .gaussian, arguments: 3...3),
    "random_zipfian": ScriptFunction(operation: .zipfian, arguments: 3...3),
    "sqrt": ScriptFunction(operation: .sqrt, arguments: 1...1),
  ]
}
