import Model
import Runtime
import Scripts
import Synchronization
import Testing
import TrialSupport

/// What becomes of operations that are runs of a user's script, whatever the database.
struct ScriptStrategyTests {
  /// A database that answers by a play, a letter for each statement but BEGIN and ROLLBACK: so many rows, or a failure: `c`
  /// conflict, `u` a violated unique constraint, `l` a lost answer.
  struct Played: ScriptClient, ~Copyable {
    final class Configuration: Sendable {
      let play: [Character]
      let program: ScriptProgram
      let position = Atomic<Int>(0)

      init(_ play: String, _ program: ScriptProgram) {
        self.play = Array(play)
        self.program = program
      }

      func next() -> Character { play[position.add(1, ordering: .relaxed).oldValue % play.count] }
    }

    static let descriptor = StrategyDescriptor(
      id: "test.script", summary: "a play", documentation: .sample, store: "memory", scope: .process,
      threading: .shared, applicability: .script, grade: .interesting)

    private let configuration: Configuration
    private(set) var isInTransaction = false
    private var code = ""

    static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
      Configuration(environment.options.word("play"), try environment.program())
    }

    static func open(_ configuration: Configuration, _ worker: WorkerContext) -> Played {
      Played(configuration: configuration)
    }

    private init(configuration: Configuration) { self.configuration = configuration }

    mutating func run(
      script: Int, statement: Int, _ variables: inout ScriptVariables, decides: Bool
    ) async throws(AttemptFailure) -> Int {
      switch configuration.program.transactions[script].statements[statement].kind {
      case .begin:
        isInTransaction = true
        return 0
      case .rollback:
        isInTransaction = false
        return 0
      case .commit: isInTransaction = false
      case .write, .other: break
      }
      let letter = configuration.next()
      switch letter {
      case "c": throw .conflict
      case "l": throw decides ? .ambiguous : .connectionLost
      case "u":
        code = "23505"
        throw .error
      default: return Int(String(letter)) ?? 0
      }
    }

    mutating func startPipeline() {}
    mutating func synchronisePipeline(decides: Bool) async {}
    mutating func endPipeline() async {}
    func lastError(is other: String) -> Bool { other == code }
    mutating func rollBack() async { isInTransaction = false }
    mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
      isInTransaction = false
      return failure
    }
    mutating func audit(_ program: ScriptProgram) async -> Bool { true }
  }

  /// What operations of one worker came to, and what stands in the ledger of the first acknowledged amount.
  private func run(_ script: String, _ play: String, operations: Int = 1) throws -> (total: Tally, ledger: LedgerEntry)
  {
    var settings = WorkloadSettings(kind: "script")
    settings.script = ScriptSettings(
      transactions: [ScriptSettings.Transaction(ScriptSettings.Source(name: "book.sql", text: script))])
    var trial = Trial(StrategyEntry(Played.descriptor, ScriptStrategy<Played>.self), settings)
    trial.options = ["play": .word(play)]
    trial.isInVirtualTime = true
    trial.workers = 1
    trial.operations = operations
    trial.retry.attempts = 3
    let outcome = try trial.run()
    outcome.expectCountsAddUp(hasErrors: nil)
    #expect(outcome.total[.started] == Int64(operations))
    return (outcome.total, outcome.collected.ledger[1])
  }

  private static let transfer = """
    \\set x random(5, 5)
    BEGIN;
    UPDATE account SET amount = amount - :x;
    --@ on rows = 0: conflict
    --@ on 23505: refused
    COMMIT;
    --@ ack moved += :x
    """

  @Test("a commit acknowledges its amount")
  func committed() throws {
    let (total, ledger) = try run(Self.transfer, "10")
    #expect(total[.committed] == 1)
    #expect(ledger == LedgerEntry(acknowledged: 5, acknowledgedCount: 1))
  }

  @Test("an amount whose commit was not answered stays unknown, and nothing is tried again")
  func lostCommit() throws {
    let (total, ledger) = try run(Self.transfer, "1l")
    #expect(total[.unknown] == 1 && total[.attempts] == 1)
    #expect(ledger == LedgerEntry(unknownHigh: 5))
  }

  @Test("an amount with a fraction is rounded alike where it is unknown and where it is acknowledged")
  func fractions() throws {
    let script = Self.transfer.replacing("moved += :x", with: "moved += :x / 2.0")
    #expect(try run(script, "1l").ledger == LedgerEntry(unknownHigh: 2))
    #expect(try run(script, "10").ledger == LedgerEntry(acknowledged: 2, acknowledgedCount: 1))
  }

  @Test("a rule turns no row into a conflict, which is tried again")
  func ruleOfRows() throws {
    let (total, ledger) = try run(Self.transfer, "010")
    #expect(total[.committed] == 1 && total[.conflict] == 1 && total[.changesOfNothing] == 0)
    #expect(ledger == LedgerEntry(acknowledged: 5, acknowledgedCount: 1))
  }

  @Test("a rule turns an error into a refusal, which acknowledges nothing")
  func ruleOfErrors() throws {
    let (total, ledger) = try run(Self.transfer, "u")
    #expect(total[.refused] == 1 && total[.attempts] == 1)
    #expect(ledger == LedgerEntry())
  }

  @Test("an error without a rule fails the operation; no row without a rule is counted and done")
  func withoutRules() throws {
    let script = "UPDATE account SET amount = 0;\n--@ ack n += 1"
    #expect(try run(script, "u").total[.failed] == 1)
    let done = try run(script, "0").total
    #expect(done[.committed] == 1 && done[.changesOfNothing] == 1)
  }

  @Test("a statement of its own that was stored before another failed leaves the outcome unknown")
  func partial() throws {
    let script = "INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);\n--@ ack n += 1"
    let (total, ledger) = try run(script, "1c")
    #expect(total[.unknown] == 1 && total[.attempts] == 1)
    #expect(ledger == LedgerEntry(unknownHigh: 1))
  }

  @Test("what the script itself refuses or rolls back acknowledges nothing")
  func refused() throws {
    let judged = "BEGIN;\nSELECT 1;\nCOMMIT;\n--@ refused when 1 = 1\n--@ ack n += 1"
    #expect(try run(judged, "10").total[.refused] == 1)
    let (total, ledger) = try run("BEGIN;\nINSERT INTO a VALUES (1);\nROLLBACK;\n--@ ack n += 1", "1")
    #expect(total[.refused] == 1 && ledger == LedgerEntry())
  }

  @Test("an attempt begins with the variables of the operation's beginning")
  func variables() throws {
    // Each operation adds 1 to what the one before it has left: pgbench would count attempts.
    let script = """
      --@ define n = 0
      \\set n :n + 1
      UPDATE account SET amount = :n;
      --@ on rows = 0: conflict
      --@ ack n += :n
      """
    let (total, ledger) = try run(script, "001", operations: 3)
    #expect(total[.committed] == 3 && total[.conflict] == 6)
    #expect(ledger == LedgerEntry(acknowledged: 1 + 2 + 3, acknowledgedCount: 3))
  }

  @Test("a script whose path ends inside a transaction fails")
  func openAtTheEnd() throws {
    let script = "BEGIN;\nSELECT 1;\n\\if 1 = 2\nCOMMIT;\n\\endif\n--@ ack n += 1"
    #expect(try run(script, "1").total[.failed] == 1)
  }
}
