import Scripts
import Testing

/// Values of expressions, as pgbench 15 gives them.
@Suite struct ExpressionTests {
  @Test(
    arguments: [
      ("5 / 2", 2), ("-7 / 2", -3), ("7 % -3", 1), ("-7 % 3", -1), ("mod(7, 4)", 3), ("2 + 3 * 4", 14),
      ("(2 + 3) * 4", 20), ("-2 * -3", 6), ("- - 5", 5), ("+5", 5), ("10 - 4 - 3", 3), ("int(2.5)", 2), ("int(3.5)", 4),
      ("int(-2.5)", -2), ("~0", -1), ("~1 + 1", -3), ("1 | 6 & 4", 4), ("1 # 3", 2), ("1 << 4", 16), ("-16 >> 2", -4),
      ("1 + 1 << 2", 8), ("abs(-17)", 17), ("greatest(1, 5, 3)", 5), ("least(4, 2, 9)", 2), ("debug(12)", 12),
      ("-9223372036854775808", .min), ("-9223372036854775808 % -1", 0),
      ("CASE WHEN 1 > 2 THEN 3 WHEN TRUE THEN 4 END", 4),
      ("CASE WHEN NULL THEN 1 ELSE 2 END", 2), ("CASE WHEN 0.0 THEN 1 WHEN 0.5 THEN 2 END", 2), ("permute(0, 1)", 0),
      ("5 / 2 * 2.0 % 3", 1), ("CASE WHEN 2 THEN CASE WHEN FALSE THEN 1 ELSE 7 END END", 7),
      ("least(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,0)", 0), ("1 \\\n + 2", 3), ("random(-5, -5)", -5), ("- (3)", -3),
      ("5 - -2", 7), ("-2 * 3 - 1", -7), ("random(7, 3 + 4)", 7),
    ] as [(String, Int64)])
  func integers(expression: String, expected: Int64) throws {
    #expect(try Fixture.value(expression) == .integer(expected))
  }

  @Test(
    arguments: [
      ("5 / 2.0", 2.5), ("1.5e3", 1500), (".5", 0.5), ("1.", 1), ("1 / 0.0", .infinity), ("pow(2, 10)", 1024),
      ("power(2, -1)", 0.5), ("sqrt(16)", 4), ("exp(0)", 1), ("ln(1)", 0), ("double(3)", 3), ("pi()", .pi),
      ("abs(-1.5)", 1.5), ("greatest(1, 2.5)", 2.5), ("least(1, 2.5)", 1), ("1 + 2.5 * 2", 6),
    ] as [(String, Double)])
  func doubles(expression: String, expected: Double) throws {
    #expect(try Fixture.value(expression) == .double(expected))
  }

  @Test(arguments: [
    ("1 < 2", true), ("1 = 1.0", true), ("2 >= 3", false), ("1 <> 1", false), ("1 != 2", true), ("NOT FALSE", true),
    ("FALSE AND NULL", false), ("TRUE OR NULL", true), ("NOT 1 = 2", true), ("NULL IS NULL", true), ("1 ISNULL", false),
    ("1 NOTNULL", true), ("1 IS NOT NULL", true), ("TRUE IS TRUE", true), ("1 IS TRUE", false),
    ("NULL IS FALSE", false),
    ("TRUE IS NOT FALSE", true), ("1 < 2 AND 2 < 3", true), ("TRUE OR 1 / 0 = 1", true), ("FALSE AND 1 / 0 = 1", false),
    ("FALSE OR TRUE AND FALSE", false), ("1 + 1 = 2 IS TRUE", true), ("1 NOTNULL NOTNULL", true),
    ("NOT 2.0 ISNULL IS TRUE", true),
  ])
  func booleans(expression: String, expected: Bool) throws {
    #expect(try Fixture.value(expression) == .boolean(expected))
  }

  /// Unlike in SQL, null on the left decides.
  @Test(arguments: [
    "NULL AND FALSE", "NULL OR TRUE", "TRUE AND NULL", "NULL + 1", "hash(NULL)", "random(NULL, 3)", "NOT NULL",
    "greatest(1, NULL)", "CASE WHEN FALSE THEN 1 END", "NULL = NULL", "int(NULL)", "debug(NULL)",
  ]) func nulls(expression: String) throws {
    #expect(try Fixture.value(expression) == .null)
  }

  @Test(arguments: [
    ("1 / 0", "division by zero"), ("1 % 0", "division by zero"), ("9223372036854775807 + 1", "too large"),
    ("-9223372036854775808 / -1", "too large"), ("-9223372036854775808 - 1", "too large"),
    ("4611686018427387904 * 2", "too large"), ("abs(-9223372036854775808)", "too large"), ("int(1e30)", "too large"),
    ("1 << 65", "0 to 63"), ("1 >> -1", "0 to 63"), ("TRUE + 1", "boolean stands"), ("1 AND TRUE", "number stands"),
    ("NOT 1", "number stands"), ("TRUE AND 1", "number stands"), ("random(2, 1)", "range of a random number is empty"),
    ("random(-9223372036854775808, 0)", "too large"), ("random_gaussian(1, 2, 1.9)", "2 or more"),
    ("random_exponential(1, 2, 0)", "above 0"), ("random_zipfian(1, 2, 1)", "1.001 to 1000"),
    ("permute(1, 0)", "must be positive"),
  ])
  func failures(expression: String, message: String) throws {
    do {
      let value = try Fixture.value(expression)
      Issue.record("\(expression) is \(value)")
    } catch let failure as ScriptEvaluationFailure {
      #expect("\(failure.message)".contains(message))
    }
  }

  @Test(arguments: [
    ("1 +", "1:11: the expression ends too early"), ("1 < 2 < 3", "1:14: '<' is not expected here"),
    ("randm(1, 2)", "1:8: unknown function 'randm' (did you mean 'random'?)"),
    ("random(1)", "1:8: 'random' takes 2 arguments, not 1"), ("pi", "1:8: the function 'pi' needs parentheses"),
    ("foo", "1:8: 'foo' is not understood; a variable is written ':foo'"),
    ("99999999999999999999", "1:8: 99999999999999999999 is too large for an integer"),
    ("(1", "1:10: the expression ends too early"), ("1 $ 2", "1:10: '$' is not understood in an expression"),
    ("CASE 1 WHEN 1 THEN 2 END", "1:13: 1 is not expected here"), ("1 2", "1:10: 2 is not expected here"),
    ("hash()", "1:8: 'hash' takes 1 to 2 arguments, not 0"),
    ("9223372036854775808", "1:8: 9223372036854775808 is too large"),
    ("least(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)", "1:8: 'least' takes 1 to 16 arguments, not 17"),
    ("1a", "1:9: '1' ends in a letter"), (":y + 1", "1:8: nothing defines ':y'"), ("", "1:1: an expression is missing"),
  ])
  func mistakes(expression: String, message: String) {
    #expect(Fixture.problems("\\set x \(expression)\nSELECT :x;").first?.hasPrefix("sql/book.sql:\(message)") == true)
  }

  @Test func deepNestingIsRefusedAndNotFatal() {
    let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
    #expect(Fixture.problems("\\set x \(deep)\nSELECT :x;").first?.contains("nested too deeply") == true)
    let wide = String(repeating: "1 + (", count: 70) + "1" + String(repeating: ")", count: 70)
    #expect(Fixture.problems("\\set x \(wide)\nSELECT :x;").first?.contains("more than 64 values") == true)
    let minus = String(repeating: "- ", count: 5000) + "1"
    #expect(Fixture.problems("\\set x \(minus)\nSELECT :x;").first?.contains("more than 64 values") == true)
  }
}
