import Model
import Testing

@testable import PostgresStrategies

/// How a saga divides an operation, without a server.
@Suite struct SagaScriptTests {
  private let sharding = Sharding(over: ["postgres", "postgres-2", "postgres-3"])

  private func script(_ steps: [Step], isInOrderOfDatabases: Bool = false) -> SagaScript {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: Operation.byteCount(steps: steps.count), alignment: 8)
    defer { bytes.deallocate() }
    Operation.store(OperationTemplate(steps: steps), index: 0, at: bytes)
    var script = SagaScript(sharding, isInOrderOfDatabases: isInOrderOfDatabases)
    script.set(Operation(UnsafePointer(bytes.assumingMemoryBound(to: Operation.Header.self)), token: 9))
    return script
  }

  private func databases(_ script: SagaScript) -> [Int] { script.groups.map(\.database) }

  @Test("steps of one database are one group, in the order of the operation")
  func groups() {
    let made = script([Step(key: 2, .claim), Step(key: 3, .claim), Step(key: 5, .claim), Step(key: 4, .claim)])
    #expect(databases(made) == [2, 0, 1])
    #expect(made.changes.map(\.local) == [0, 1, 1, 1])
    #expect(made.changes.map(\.position) == [0, 2, 1, 3])
    #expect(made.groups.map { Array($0.changes) } == [[0, 1], [2], [3]])
    #expect(!made.isRetriable)
  }

  @Test("what nobody can refuse comes last; where others wait, databases have one order")
  func order() {
    let steps = [Step(key: 2, .add, operand: 5), Step(key: 1, .add, operand: -5, bound: 0)]
    #expect(databases(script(steps)) == [1, 2])
    #expect(databases(script(steps, isInOrderOfDatabases: true)) == [1, 2])
    let refusable = [Step(key: 2, .add, operand: -5, bound: 0), Step(key: 1, .add, operand: -5, bound: 0)]
    #expect(databases(script(refusable)) == [2, 1])
    #expect(databases(script(refusable, isInOrderOfDatabases: true)) == [1, 2])
  }

  @Test("what was given back may have another owner")
  func releases() {
    #expect(script([Step(key: 0, .release), Step(key: 1, .release)]).isRetriable)
  }

  @Test("what is stored with a saga is all that is needed to go on")
  func restored() {
    let made = script([
      Step(key: 4, .add, operand: -3, bound: 0), Step(key: 1, .requireFree), Step(key: 5, .add, operand: 3),
    ])
    var numbers: [Int64] = []
    made.forEachNumber { numbers.append($0) }
    #expect(numbers.count <= SagaScript.largestData)
    var other = SagaScript(sharding, isInOrderOfDatabases: false)
    let isRestored = other.restore(numbers)
    #expect(isRestored)
    #expect(other.token == 9 && databases(other) == databases(made))
    #expect(other.changes.map(\.local) == made.changes.map(\.local))
    #expect(other.changes.map(\.step.operand) == made.changes.map(\.step.operand))
    #expect(other.changes.map(\.step.bound) == made.changes.map(\.step.bound))
    #expect(other.changes.map(\.step.effect) == made.changes.map(\.step.effect))
    for broken in [[], [9], [9, 1], Array(numbers.dropLast()), [9, 0xFF, 0, 0]] {
      let isTaken = other.restore(broken)
      #expect(!isTaken, "\(broken)")
    }
  }

  @Test("a change is undone whatever happened to an amount, and never from somebody else's unit")
  func undo() {
    #expect(Step(key: 0, .add, operand: -3, bound: 0).undo(1, token: 9) == 4)
    #expect(Step(key: 0, .claim).undo(9, token: 9) == 0)
    #expect(Step(key: 0, .claim).undo(8, token: 9) == nil)
    #expect(Step(key: 0, .release).undo(0, token: 9) == 9)
    #expect(Step(key: 0, .release).undo(8, token: 9) == nil)
    #expect(Step(key: 0, .requireFree).undo(8, token: 9) == 8)
  }

  @Test("no two sagas have one number")
  func numbers() {
    let operations = [(0, 1), (0, 2), (1, 1), (3, 70_000)].map { OperationIdentity(worker: $0, number: $1) }
    let sagas = operations.flatMap { operation in
      [0, 1, SagaIdentity.largestAttempt].map { SagaIdentity(operation, attempt: $0) }
    }
    #expect(Set(sagas.map(\.number)).count == sagas.count)
    for (index, saga) in sagas.enumerated() {
      #expect(SagaIdentity.numbers(ofWorker: operations[index / 3].worker).contains(saga.number))
    }
    #expect(SagaIdentity.numbers(ofWorker: 0).upperBound + 1 == SagaIdentity.numbers(ofWorker: 1).lowerBound)
  }
}
