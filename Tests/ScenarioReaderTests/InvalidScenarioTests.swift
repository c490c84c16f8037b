import Foundation
import ScenarioReader
import Testing

/// Each file of `Fixtures/invalid` gives exactly the messages of the `.expected` file beside it.
@Suite struct InvalidScenarioTests {
  @Test func thereAreFixtures() { #expect(Fixtures.scenarios(in: "invalid").count >= 15) }

  @Test(arguments: Fixtures.scenarios(in: "invalid"))
  func messagesAreAsWritten(name: String) throws {
    let expected = try Fixtures.text("invalid/\(name.dropLast(5)).expected")
    let file = Fixtures.folder.appending(path: "invalid/\(name)").path
    let problems = #expect(throws: ScenarioProblems.self) { try TestVocabulary.reader.read(path: file) }
    let messages = (problems?.problems ?? []).map { problem in
      Problem(path: name, place: problem.place, subject: problem.subject, message: problem.message).description + "\n"
    }
    #expect(messages.joined() == expected)
  }
}
