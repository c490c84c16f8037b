import Foundation
import ScenarioReader
import Testing

/// The JSON Schema for editors.
@Suite struct SchemaTests {
  @Test func theSchemaIsThatOfTheGoldenFile() throws {
    let generated = TestVocabulary.reader.jsonSchema()
    let golden = Fixtures.folder.appending(path: "schema.json")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN_FILES"] != nil {
      try generated.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(
      generated == (try Fixtures.text("schema.json")),
      "after a change of the keys, refresh it: UPDATE_GOLDEN_FILES=1 swift test --filter SchemaTests")
  }

  @Test func theSchemaIsJSON() throws {
    let object = try JSONSerialization.jsonObject(with: Data(TestVocabulary.reader.jsonSchema().utf8))
    let properties = (object as? [String: Any])?["properties"] as? [String: Any]
    #expect(
      properties?.keys.sorted() == [
        "expect", "faults", "gate", "load", "name", "retry", "services", "strategies", "sweep", "workload",
      ])
  }
}
