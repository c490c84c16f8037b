import Foundation
import ScenarioReader
import Testing

/// Files that are no scenarios at all must be refused soon and in words.
@Suite(.timeLimit(.minutes(10))) struct HostileInputTests {
  private let tooMany = "this has more than 10000 values once its aliases are expanded; a scenario needs far less"

  /// 10 to the power of `levels` values in a few lines.
  private func bomb(levels: Int) -> String {
    var text = "a0: &a0 [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"
    for level in 1..<levels {
      let aliases = repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    return text
  }

  @Test func anAliasBombIsRefused() {
    #expect(messages(bomb(levels: 12)) == ["a.yaml:4:5: \(tooMany)"])
  }

  @Test func anAliasBombAsAKeyIsRefused() {
    let text = bomb(levels: 12) + "? [*a11]\n: 1\n? *a11\n: 1\n{*a11 : 1}: 2\n"
    #expect(messages(text).contains("a.yaml:4:5: \(tooMany)"))
  }

  @Test func manyValuesAreRefusedWithoutAliasesToo() {
    #expect(
      messages("a: [\(repeatElement("0", count: 10_000).joined(separator: ","))]").first == "a.yaml:1:4: \(tooMany)")
  }

  @Test(arguments: [40, 900, 5000]) func deepNestingIsRefused(depth: Int) {
    let text = "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let all = messages(text)
    #expect(all.count == 1)
    #expect(all[0].contains("too many levels") || all[0].contains("not valid YAML"))
  }

  @Test func manyDuplicatesEndInAMessage() {
    let text = "workload: counter\n" + String(repeating: "workload: counter\n", count: 200)
    #expect(messages(text).last?.hasSuffix("keep one of them") == true)
  }

  @Test func aDuplicateKeyThatCannotBeMarkedIsStillToldOf() {
    #expect(
      messages("workload: counter\n\"\\x6eame\": a\nname: b\nstrategies: [mutex]\n") == [
        "a.yaml:2:1: the key 'name' is stated twice; keep one of them"
      ])
  }

  @Test func largeFilesAreRefused() throws {
    let message = "a.yaml: the file is larger than 1 MiB; a scenario has a few KiB at most"
    #expect(messages(String(repeating: "#", count: (1 << 20) + 1)) == [message])
    #expect(
      messages("# " + String(repeating: "#", count: 1 << 19) + "\nworkload: counter\nstrategies: [mutex]").isEmpty)
    #expect(
      problem(reading: "/dev/zero") == "/dev/zero: the file is larger than 1 MiB; a scenario has a few KiB at most")
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let folder = NSTemporaryDirectory()
    #expect(problem(reading: folder) == "\(folder): this is a directory; name a scenario file in it")
    #expect(problem(reading: "/nowhere/a.yaml") == "/nowhere/a.yaml: cannot be read: No such file or directory")
  }

  @Test func charactersThatWeReserveAreRefused() {
    #expect(messages("name: a\u{E105}b") == ["a.yaml:1:8: the character U+E105 is not allowed; remove it"])
    #expect(messages("\u{0}") == ["a.yaml:1:1: the character U+0000 is not allowed; remove it"])
  }

  /// Short texts live inside Swift's string values, whose address Yams must not keep.
  @Test(arguments: ["a", "a: 1", "{", "*", "&", "? ", "- - -", "'", "\t", "---\n---", "!!", "%", "|", "a: *"])
  func fragmentsGiveAMessage(text: String) { #expect(!messages(text).isEmpty) }

  /// Every prefix of a scenario, and the scenario with any one character replaced, is read or refused in words.
  @Test func damagedScenariosNeverTrap() throws {
    let text = Array(try Fixtures.text("valid/everything.yaml"))
    for length in text.indices { _ = messages(String(text[..<length])) }
    for index in text.indices {
      for replacement: Character in ["*", ":", "\"", "\n", "["] {
        var damaged = text
        damaged[index] = replacement
        for message in messages(String(damaged)) {
          #expect(message.hasPrefix("a.yaml:"))
          #expect(!message.contains("secret"), "\(message)")
        }
      }
    }
  }

  private func problem(reading path: String) -> String? {
    do throws(ScenarioProblems) {
      _ = try TestVocabulary.reader.read(path: path)
      return nil
    } catch {
      return error.description
    }
  }
}
