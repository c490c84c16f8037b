import Model
import Testing

/// The decision of an operation over the values that a strategy read.
struct OperationTests {
  struct StepCase: Sendable, CustomTestStringConvertible {
    var step: Step
    var value: Int64
    var result: Int64?
    var testDescription: String {
      "\(step.effect) \(step.operand) bound \(step.bound) on \(value): \(result.map { "\($0)" } ?? "refused")"
    }
  }

  static let cases: [StepCase] = [
    StepCase(step: Step(key: 0, .read), value: -7, result: -7),
    StepCase(step: Step(key: 0, .read, operand: 5, bound: 100), value: 1, result: 1),
    StepCase(step: Step(key: 0, .add, operand: 1), value: 41, result: 42),
    StepCase(step: Step(key: 0, .add, operand: -5), value: 1, result: -4),
    StepCase(step: Step(key: 0, .add, operand: -1, bound: 0), value: 1, result: 0),
    StepCase(step: Step(key: 0, .add, operand: -1, bound: 0), value: 0, result: nil),
    StepCase(step: Step(key: 0, .add, operand: -3, bound: -2), value: 1, result: -2),
    StepCase(step: Step(key: 0, .add, operand: -3, bound: -2), value: 0, result: nil),
    StepCase(step: Step(key: 0, .add, operand: 1), value: .max, result: .min),
    StepCase(step: Step(key: 0, .claim), value: 0, result: 9),
    StepCase(step: Step(key: 0, .claim), value: 3, result: nil),
    StepCase(step: Step(key: 0, .claim), value: 9, result: nil),
    StepCase(step: Step(key: 0, .release), value: 9, result: 0),
    StepCase(step: Step(key: 0, .release), value: 3, result: nil),
    StepCase(step: Step(key: 0, .release), value: 0, result: nil),
  ]

  @Test("a step changes a value or refuses", arguments: cases)
  func step(example: StepCase) {
    #expect(example.step.apply(to: example.value, token: 9) == example.result)
  }

  @Test("ledgers count amounts, claims and releases")
  func ledgerDeltas() {
    #expect(Step(key: 0, .read, operand: 5).ledgerDelta == 0)
    #expect(Step(key: 0, .add, operand: -5).ledgerDelta == -5)
    #expect(Step(key: 0, .claim, operand: 5).ledgerDelta == 1)
    #expect(Step(key: 0, .release, operand: 5).ledgerDelta == -1)
  }

  private func decide(_ steps: [Step], _ values: [Int64]) throws -> (Decision, [Int64]) {
    var values = values
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: Operation.byteCount(steps: steps.count), alignment: 8)
    defer { bytes.deallocate() }
    Operation.store(OperationTemplate(steps: steps), index: 0, at: bytes)
    let operation = Operation(bytes.assumingMemoryBound(to: Operation.Header.self), token: 9)
    let decision = try values.withUnsafeMutableBufferPointer { operation.decide(try #require($0.baseAddress)) }
    return (decision, values)
  }

  @Test("all steps are taken when every guard agrees")
  func write() throws {
    let steps = [Step(key: 4, .add, operand: -5, bound: 0), Step(key: 7, .add, operand: 5), Step(key: 8, .claim)]
    let (decision, values) = try decide(steps, [5, 1, 0])
    #expect(decision == .write)
    #expect(values == [0, 6, 9])
  }

  @Test(
    "one guard that refuses, first or last, refuses the whole operation",
    arguments: [[4, 1, 0], [5, 1, 3]] as [[Int64]])
  func refuse(values: [Int64]) throws {
    let steps = [Step(key: 4, .add, operand: -5, bound: 0), Step(key: 7, .add, operand: 5), Step(key: 8, .claim)]
    #expect(try decide(steps, values).0 == .refuse)
  }

  @Test("an operation that only reads leaves the values alone")
  func readOnly() throws {
    let (decision, values) = try decide([Step(key: 0, .read), Step(key: 1, .read)], [3, 4])
    #expect(decision == .readOnly)
    #expect(values == [3, 4])
  }
}
