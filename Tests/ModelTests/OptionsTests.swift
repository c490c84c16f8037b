import Model
import Testing

/// Resolved options.
struct OptionsTests {
  private let specifications = [
    OptionSpecification("span", .integer(1...8), default: .integer(1), ""),
    OptionSpecification("share", .number(0...1), default: .number(0.5), ""),
    OptionSpecification("release", .flag, default: .flag(true), ""),
    OptionSpecification("lease", .duration(.zero ... .seconds(9)), default: .duration(.seconds(1)), ""),
    OptionSpecification("scope", .word(["session", "transaction"]), default: .word("session"), ""),
  ]

  @Test("every declared option has its default")
  func defaults() {
    let options = Options(specifications)
    #expect(options.integer("span") == 1)
    #expect(options.number("share") == 0.5)
    #expect(options.flag("release"))
    #expect(options.duration("lease") == .seconds(1))
    #expect(options.word("scope") == "session")
  }

  @Test("stated values replace defaults, and only those")
  func stated() {
    let options = Options(specifications, stated: ["span": .integer(4), "release": .flag(false)])
    #expect(options.integer("span") == 4)
    #expect(!options.flag("release"))
    #expect(options.word("scope") == "session")
  }

  @Test("a whole number serves where a number is asked for")
  func wholeNumber() {
    #expect(Options(specifications, stated: ["share": .integer(1)]).number("share") == 1)
  }

  @Test("asking for an option that was not declared stops the program")
  func undeclared() async {
    await #expect(processExitsWith: .failure) { _ = Options([]).integer("span") }
  }
}
