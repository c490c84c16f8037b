import Model
import Terminal
import Testing

/// The documentation of a strategy as a terminal shows it.
@Suite struct DocumentationLinesTests {
  private static func lines(_ documentation: Documentation, width: Int) -> [String] {
    StrategyDescriptor(
      id: "memory.sample", summary: "", documentation: documentation, store: "memory", scope: .host,
      threading: .perWorker
    ).documentationLines(width: width)
  }

  @Test func `every part is shown under its heading, in one order`() {
    let documentation = Documentation(
      introduction: "one.", algorithm: "two.", guarantees: "three.", doesNotGuarantee: "four.", failureWindow: "five.",
      roundTrips: "six.", source: "seven.")
    #expect(
      Self.lines(documentation, width: 40) == [
        "`memory.sample`: one.", "Algorithm: two.", "Guarantees: three.", "Does not guarantee: four.",
        "Failure window: five.", "Round trips under the lock: six.", "Source: seven.",
      ])
  }

  @Test func `a floor shows what it has`() {
    let described = Documentation(
      floor: "one.", algorithm: "two.", guarantees: "three.", roundTrips: "4.", source: "5.")
    #expect(
      Self.lines(described, width: 40) == [
        "`memory.sample`: one.", "Algorithm: two.", "Guarantees: three.", "Round trips under the lock: 4.",
        "Source: 5.",
      ])
    let own = Documentation(floor: "one.", algorithm: "two.", guarantees: "three.", roundTrips: "4.")
    #expect(Self.lines(own, width: 40).last == "Round trips under the lock: 4.")
  }

  @Test func `paragraphs are wrapped at the width, wherever the source breaks its lines`() {
    let documentation = Documentation(
      floor: """
        the first
        paragraph goes on over the lines of the source.

        The second one begins after an empty line.
        """, algorithm: "none.", guarantees: "nothing.", roundTrips: "0.")
    #expect(
      Self.lines(documentation, width: 40).prefix(5) == [
        "`memory.sample`: the first paragraph", "  goes on over the lines of the source.",
        "The second one begins after an empty", "  line.", "Algorithm: none.",
      ])
  }

  @Test func `code stands as it is`() {
    let code = "    if redis.call('GET', KEYS[1]) == ARGV[1] then return  1 end"
    let documentation = Documentation(
      floor: "one.", algorithm: "a script.\n\n\(code)\n      return 0\n\nAfterwards nothing.", guarantees: "nothing.",
      roundTrips: "0.")
    #expect(
      Self.lines(documentation, width: 40).dropFirst().prefix(4) == [
        "Algorithm: a script.", code, "      return 0", "Afterwards nothing.",
      ])
  }
}
