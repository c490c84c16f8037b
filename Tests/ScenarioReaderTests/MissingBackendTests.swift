import Model
import ScenarioReader
import Testing

/// Strategies and stores of backends that are known and not built in.
@Suite struct MissingBackendTests {
  private let reader = ScenarioReader(
    vocabulary: Vocabulary(
      workloads: [TestVocabulary.counter], strategies: [TestVocabulary.mutex],
      missing: Backend.further, applicability: { _ in .any }))
  private let remedy =
    "is in the trait SQLite, which is not built in: build with 'swift build --traits SQLite', or run through "
    + "scripts/contend, which does it"

  private func messages(_ strategies: String) -> [String] {
    let text = "workload: counter\nstrategies: [\(strategies)]\nservices: {sqlite: managed}\n"
    do throws(ScenarioProblems) {
      _ = try reader.read(text: text, path: "a.yaml")
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test(arguments: ["sqlite.immediate", "floor.sqlite-select", "sqlite.anything"])
  func strategiesHaveARemedy(id: String) {
    #expect(messages(id) == ["a.yaml:2:14: '\(id)' \(remedy)"])
    #expect(messages("{id: \(id)}") == ["a.yaml:2:19: '\(id)' \(remedy)"])
  }

  @Test func aSagaNeedsTheBackendThatCarriesItsMessages() {
    #expect(
      messages("postgres-shards.saga-rabbitmq") == [
        "a.yaml:2:14: 'postgres-shards.saga-rabbitmq' " + remedy.replacing("SQLite", with: "RabbitMQ")
      ])
  }

  @Test func mixedShardsNeedMariaDB() {
    #expect(
      messages("mixed-shards.two-phase-commit") == [
        "a.yaml:2:14: 'mixed-shards.two-phase-commit' " + remedy.replacing("SQLite", with: "MariaDB")
      ])
  }

  @Test func storesHaveARemedy() {
    #expect(
      messages("{id: memory.mutex, over: sqlite}") == ["a.yaml:2:39: strategies.0.over: sqlite \(remedy)"])
  }

  @Test func servicesMayBeNamedAnyway() { #expect(messages("memory.mutex") == []) }

  @Test func whatIsUnknownStaysUnknown() {
    #expect(messages("sqlight.immediate") == ["a.yaml:2:14: unknown strategy 'sqlight.immediate'; see 'contend list'"])
  }
}
