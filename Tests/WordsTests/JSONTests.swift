import Foundation
import Testing
import Words

/// JSON as other implementations read it.
struct JSONTests {
  @Test("numbers that JSON cannot write are null", arguments: [Double.nan, .infinity, -.infinity])
  func numbers(value: Double) { #expect(JSON.number(value).text() == "null") }

  @Test("what is missing is null")
  func missing() {
    let values: [JSON] = [
      .number(nil), .boolean(nil), .string(ifAny: nil), .integer(nil as Int?), .integer(UInt64.max), .boolean(true),
    ]
    #expect(values.map { $0.text() } == ["null", "null", "null", "null", "18446744073709551615", "true"])
  }

  @Test("layout")
  func layout() {
    let value = JSON.object([("a", .array([])), ("b", .array([.integer(1), .object([("c", .boolean(false))])]))])
    #expect(value.text() == "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {\n      \"c\": false\n    }\n  ]\n}")
    #expect(JSON.object([]).text() == "{}")
  }

  @Test("a list of scalars stays on its line as long as there is room")
  func lists() {
    let value = JSON.object([("abc", .strings(["d", "e"]))])
    #expect(value.text(listWidth: 12) == "{\n  \"abc\": [\"d\", \"e\"]\n}")
    #expect(value.text(listWidth: 11) == "{\n  \"abc\": [\n    \"d\",\n    \"e\"\n  ]\n}")
    #expect(JSON.array([.array([.integer(1)])]).text(listWidth: 80) == "[\n  [1]\n]")
  }

  @Test("any text survives the way through JSON")
  func escaping() throws {
    let text = "a \"b\" \\c/ \u{0}\u{1}\u{1F}\u{7F}\n\r\t \u{2028} \u{E9}\u{1F600}"
    let written = JSON.strings([text]).text()
    #expect(try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String] == [text])
    #expect(written.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 && $0.value != 0x7F })
  }
}
