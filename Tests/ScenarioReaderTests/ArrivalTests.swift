import Model
import ScenarioReader
import Testing

/// How arrivals of an open loop are stated.
@Suite struct ArrivalTests {
  private func text(_ load: String) -> String {
    "workload: counter\nstrategies: [mutex]\nload: {workers: 4, \(load)}\n"
  }

  @Test(arguments: [
    ("2000/s", 2000, ArrivalPattern.poisson, "2000/s"), ("120/min uniform", 2, .uniform, "2/s uniform"),
    ("2000 at once, every 500ms", 4000, .bursts(of: 2000), "2000 at once, every 500ms"),
  ])
  func patterns(rate: String, perSecond: Double, pattern: ArrivalPattern, shown: String) throws {
    let read = try scenario(text("rate: '\(rate)'"))
    #expect(read.load.rate == perSecond && read.load.arrivals == pattern)
    let described = TestVocabulary.reader.describe(read)
    #expect(described.contains("rate: \(shown)\n") || described.contains("rate: \"\(shown)\"\n"))
    #expect(try scenario(described).load == read.load)
    #expect(ArrivalPattern(name: pattern.name) == pattern)
  }

  @Test("a list of rates is a staircase: a sweep of load.rate")
  func staircase() throws {
    let read = try scenario(text("rate: [1000/s, 2000/s uniform]"))
    #expect(read.sweep.map(\.path) == ["load.rate"])
    #expect(read.variants.map(\.load.rate) == [1000, 2000])
    #expect(read.variants.map(\.load.arrivals) == [.poisson, .uniform])
  }

  @Test(arguments: [
    ("rate: 2000", "load.rate: got '2000', expected a rate with a unit, such as 2000/s or 120/min; write 2000/s"),
    ("rate: 3 at once", "load.rate: got '3 at once', expected a rate with a unit, such as 2000/s or 120/min"),
    (
      "rate: '3 at once, every 1s'",
      "load.rate: 3 at once are fewer than the 4 workers; state fewer workers, or more at once"
    ),
    ("rate: '0 at once, every 1s'", "load.rate: 0 is below the minimum 1"),
    ("rate: '9 at once, every 1'", "load.rate: 1 has no unit; write 1s, 1ms or 1us"),
    (
      "rate: [1/s]}\nsweep: {load.rate: [2/s]",
      "sweep: load.rate is a list already; state its values in one of the two places"
    ),
  ])
  func problems(load: String, message: String) {
    let found = messages(text(load))
    #expect(found.count == 1 && found[0].hasSuffix(message), "\(found)")
  }
}
