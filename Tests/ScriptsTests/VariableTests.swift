import Model
import Scripts
import Testing

/// What variables are between operations, attempts and statements.
@Suite struct VariableTests {
  private static func program(_ text: String, _ definitions: [String: String] = [:]) throws -> ScriptProgram {
    try ScriptProgram(Fixture.settings(text, definitions: definitions))
  }

  @Test(arguments: [
    ("null", ScriptValue.null), ("TRUE", .boolean(true)), ("y", .boolean(true)), ("on", .boolean(true)),
    ("f", .boolean(false)), ("No", .boolean(false)), ("of", .boolean(false)), ("007", .integer(7)),
    ("-12", .integer(-12)),
    ("+3", .integer(3)), (" 4", .integer(4)), ("1.5", .double(1.5)), ("1e3", .double(1000)),
    ("-9223372036854775808", .integer(.min)),
  ]) func textsGetATypeByTheirLooks(text: String, expected: ScriptValue) throws {
    #expect(try Fixture.value(":d", definitions: ["d": text]) == expected)
  }

  @Test(arguments: ["", "o", "abc", "12x", "9223372036854775808", "1.5.2"]) func otherTextsHaveNone(text: String) throws
  {
    #expect(throws: ScriptEvaluationFailure.self) { try Fixture.value(":d", definitions: ["d": text]) }
  }

  /// A text goes out as it came, even where an expression would take it for a number.
  @Test func textsGoOutUnchanged() throws {
    let program = try Self.program("SELECT :d, :scale, :client_id;", ["d": "007"])
    let variables = ScriptVariables(program, worker: 3, seed: 1)
    let slots = program.transactions[0].statements[0].parameters
    #expect(slots.map { variables.text($0) } == ["007", "1", "3"])
  }

  @Test(arguments: [
    ("0.1 + 0.2", "0.3"), ("1 / 3.0", "0.333333333333333"), ("1e20 * 1.0", "1e+20"), ("5.0", "5"), ("-7", "-7"),
    ("1 < 2", "true"), ("-9223372036854775808", "-9223372036854775808"), ("0", "0"), ("1234567890", "1234567890"),
    ("1 / 0.0", "Infinity"), ("-1 / 0.0", "-Infinity"), ("0.0 / 0.0", "NaN"),
  ]) func valuesAsText(expression: String, expected: String) throws {
    #expect(try Fixture.run("\\set x \(expression)\nSELECT :x;")["x"] == expected)
  }

  @Test func nullIsNoText() throws { #expect(try Fixture.run("\\set x NULL\nSELECT :x;")["x"] == nil) }

  /// pgbench restores the generator only: 2,400 transactions with 9,000 retries add 11,400.
  @Test func anotherAttemptBeginsAsTheFirst() throws {
    let program = try Self.program("\\set n :n + random(1, 1000)\nSELECT :n AS name \\gset\nSELECT :name;", ["n": "5"])
    var variables = ScriptVariables(program, worker: 0, seed: 1)
    let name = try #require(program.slot(of: "name"))
    guard case .set(let slot, let expression) = program.transactions[0].commands[0] else { return }
    func text(_ text: String, _ variables: inout ScriptVariables) {
      Array(text.utf8).withUnsafeBytes { variables.set(name, text: $0) }
    }
    text("before", &variables)
    variables.begin(RandomSource(seed: 9))
    var values: [ScriptValue] = []
    for attempt in 0..<3 {
      if attempt > 0 { variables.rewind() }
      #expect(variables.text(name) == "before")
      variables.set(slot, try variables.evaluate(expression))
      values.append(variables[slot])
      text("a text that is much longer than the one before \(attempt)", &variables)
      text("short \(attempt)", &variables)
      #expect(variables.text(name) == "short \(attempt)")
    }
    #expect(values[0] == values[1] && values[1] == values[2])
    // The next operation goes on with what the last attempt left.
    variables.begin(RandomSource(seed: 10))
    text("other", &variables)
    variables.rewind()
    #expect(variables.text(name) == "short 2" && variables[slot] == values[0])
  }

  @Test func theSameGeneratorGivesTheSameOperation() throws {
    let script = "\\set a random(1, 1000000)\n\\set b random_zipfian(1, 100000, 1.1)\nSELECT :a, :b;"
    #expect(try Fixture.run(script, seed: 3) == Fixture.run(script, seed: 3))
    #expect(try Fixture.run(script, seed: 3)["a"] != Fixture.run(script, seed: 4)["a"])
  }

  @Test func automaticVariablesCanBeDefined() throws {
    let program = try Self.program("SELECT :scale, :client_id;", ["scale": "20", "client_id": "77"])
    let variables = ScriptVariables(program, worker: 3, seed: 1)
    #expect(program.transactions[0].statements[0].parameters.map { variables.text($0) } == ["20", "77"])
  }
}
