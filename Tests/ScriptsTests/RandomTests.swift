import Model
import Scripts
import Testing

/// Random functions: those without state by vectors of PostgreSQL's own tests, distributions by counts.
@Suite struct RandomTests {
  @Test(
    arguments: [
      ("hash(10, 5432)", -5_817_877_081_768_721_676), ("hash_murmur2(10, 5432)", -5_817_877_081_768_721_676),
      ("hash_fnv1a(10, 5432)", -7_793_829_335_365_542_153), ("permute(0, 2, 5431)", 0), ("permute(1, 2, 5431)", 1),
      ("permute(0, 2, 5433)", 1), ("permute(9223372036854775796, 9223372036854775797, 5432)", 520_382_784_483_822_430),
    ] as [(String, Int64)])
  func vectors(expression: String, expected: Int64) throws {
    #expect(try Fixture.value(expression) == .integer(expected))
  }

  @Test func permutePermutes() throws {
    for size in [2, 3, 7, 100] {
      let places = try (0..<size).map { try Fixture.value("permute(\($0), \(size), 42)") }
      #expect(Set(places.map { "\($0)" }).count == size)
    }
    #expect(try Fixture.value("permute(-1, 10, 7)") != Fixture.value("permute(8, 10, 7)"))
  }

  /// Workers of a trial spread keys alike, and `-D` wins.
  @Test func hashesHaveTheSeedOfTheTrial() throws {
    #expect(try Fixture.value("hash(10)", seed: 5) == Fixture.value("hash(10, :default_seed)", seed: 5))
    #expect(try Fixture.value("hash(10)", seed: 5) != Fixture.value("hash(10)", seed: 6))
    #expect(
      try Fixture.value("hash(10)", definitions: ["default_seed": "5432"]) == .integer(-5_817_877_081_768_721_676))
  }

  /// Draws many numbers with one generator.
  private func counts(_ expression: String, draws: Int = 20_000) throws -> [Int64: Int] {
    let program = try ScriptProgram(Fixture.settings("\\set x \(expression)\nSELECT :x;"))
    var variables = ScriptVariables(program, worker: 0, seed: 7)
    guard case .set(_, let compiled) = program.transactions[0].commands[0] else { return [:] }
    var counts: [Int64: Int] = [:]
    for _ in 0..<draws {
      guard case .integer(let value) = try variables.evaluate(compiled) else { continue }
      counts[value, default: 0] += 1
    }
    return counts
  }

  @Test func uniform() throws {
    let counts = try counts("random(-2, 3)")
    #expect(Set(counts.keys) == [-2, -1, 0, 1, 2, 3])
    for count in counts.values { #expect(abs(count - 3333) < 300) }
    #expect(try self.counts("random(5, 5)", draws: 10) == [5: 10])
  }

  /// With 5 standard deviations to each side, two thirds lie in the middle fifth.
  @Test func gaussian() throws {
    let counts = try counts("random_gaussian(1, 100, 5.0)")
    let middle = counts.filter { (41...60).contains($0.key) }.values.reduce(0, +)
    #expect(abs(Double(middle) / 20_000 - 0.683) < 0.02)
    #expect(counts.keys.allSatisfy { (1...100).contains($0) })
  }

  /// The share of the first tenth is (1 - e^-p/10) / (1 - e^-p).
  @Test func exponential() throws {
    let counts = try counts("random_exponential(1, 10, 5.0)")
    #expect(abs(Double(counts[1] ?? 0) / 20_000 - 0.396) < 0.02)
    #expect((counts[1] ?? 0) > (counts[2] ?? 0) && (counts[9] ?? 0) >= 50)
    #expect(counts.keys.allSatisfy { (1...10).contains($0) })
  }

  /// Rank 1 of 10 with exponent 1.5 has 1 over the sum of n to the power of -1.5: 0.501.
  @Test func zipfian() throws {
    let counts = try counts("random_zipfian(1, 10, 1.5)")
    #expect(abs(Double(counts[1] ?? 0) / 20_000 - 0.501) < 0.02)
    #expect(abs(Double(counts[2] ?? 0) / 20_000 - 0.177) < 0.02)
    #expect(counts.keys.allSatisfy { (1...10).contains($0) })
    #expect(try self.counts("random_zipfian(4, 4, 1.5)", draws: 10) == [4: 10])
    #expect(try self.counts("random_zipfian(1, 3, 1000)", draws: 10) == [1: 10])
  }

  @Test func theWholeRangeOfIntegersIsReached() throws {
    let counts = try counts("random(1, 9223372036854775806)", draws: 100)
    #expect(counts.count == 100 && counts.keys.contains { $0 > 1 << 61 })
  }
}
