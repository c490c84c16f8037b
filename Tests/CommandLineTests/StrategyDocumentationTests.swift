import Model
import StrategyCatalog
import Testing

/// What a reader must be told of every strategy that is built in.
@Suite struct StrategyDocumentationTests {
  private static let headings = [
    "Algorithm", "Guarantees", "Does not guarantee", "Failure window", "Round trips under the lock", "Source",
  ]

  @Test(arguments: StrategyCatalog.descriptors)
  func `no part is empty`(strategy: StrategyDescriptor) {
    let documentation = strategy.documentation
    for text in [documentation.introduction] + documentation.sections.map(\.text) {
      #expect(text.contains { $0.isLetter || $0.isNumber }, "\(strategy.id): \(documentation)")
      #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false, "\(strategy.id): '\(text)'")
    }
  }

  /// The shorter form is for what protects nothing.
  @Test(arguments: StrategyCatalog.descriptors.filter { !$0.id.hasPrefix("floor.") })
  func `every part is there, but in floors`(strategy: StrategyDescriptor) {
    let headings = strategy.documentation.sections.map(\.heading)
    #expect(headings.filter { $0 != "Fencing" } == Self.headings, "\(strategy.id)")
    #expect(headings.contains("Fencing") == strategy.hasFence, "\(strategy.id)")
  }

  @Test func `floors promise nothing`() {
    let floors = StrategyCatalog.floors
    #expect(!floors.isEmpty)
    #expect(floors.allSatisfy { $0.documentation.failureWindow == nil && $0.grade != .forbidden })
  }
}
