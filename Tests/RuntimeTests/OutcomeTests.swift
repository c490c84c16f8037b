import Model
import Runtime
import Synchronization
import Testing
import TrialSupport

/// Strategies that fail by plan: every failure class is counted, and every operation has the outcome that follows.
@Suite(.serialized)
struct OutcomeTests {
  /// What a planned attempt does.
  enum Plan: Sendable {
    case commit, refuse
    case fail(AttemptFailure)
    /// Fails after its effect is in the store.
    case failAfterEffect(AttemptFailure)
  }

  /// Ten operations, run over and over; the retry policy allows three attempts.
  static let cycle: [Plan] = [
    .commit,
    .refuse,
    .fail(.conflict), .commit,
    .fail(.conflict), .fail(.conflict), .fail(.conflict),
    .fail(.ambiguous),
    .failAfterEffect(.ambiguous),
    .fail(.error),
    .fail(.deadlock), .fail(.lockTimeout), .commit,
    .fail(.notAcquired), .fail(.leaseLost), .commit,
    .fail(.connectionLost), .commit,
  ]

  private static func descriptor(_ id: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: id, summary: "fails by plan", documentation: .sample, store: "memory", scope: .host, threading: .perWorker,
      applicability: .unguardedAdd)
  }

  static let entries = [
    StrategyEntry(blocking: descriptor("test.blocking"), PlannedBlocking.self),
    StrategyEntry(descriptor("test.suspending"), PlannedSuspending.self),
  ]

  private func trial(_ index: Int, cycles: Int = 300) -> Trial {
    var trial = Trial(inMemory: Self.entries[index])
    trial.workers = 2
    trial.operations = 2 * cycles * 10
    trial.retry.attempts = 3
    return trial
  }

  @Test("each failure class and each outcome is counted", arguments: entries.indices)
  func classes(index: Int) throws {
    let outcome = try trial(index).run()
    outcome.expectCountsAddUp()
    let total = outcome.total
    let cycles: Int64 = 600
    #expect(total[.committed] == 5 * cycles)
    #expect(total[.refused] == cycles)
    #expect(total[.gaveUp] == cycles)
    #expect(total[.unknown] == 2 * cycles)
    #expect(total[.failed] == cycles)
    #expect(total[.attempts] == Int64(Self.cycle.count) * cycles)
    #expect(total[.conflict] == 4 * cycles)
    #expect(total[.ambiguous] == 2 * cycles)
    for failure in [Counter.deadlock, .lockTimeout, .notAcquired, .leaseLost, .connectionLost, .error] {
      #expect(total[failure] == cycles, "\(failure)")
    }
  }

  @Test("the ledger holds what was acknowledged and what may have happened", arguments: entries.indices)
  func ledger(index: Int) throws {
    let outcome = try trial(index).run()
    #expect(
      outcome.collected.ledger == [LedgerEntry(acknowledged: 3000, acknowledgedCount: 3000, unknownHigh: 1200)])
    #expect(outcome.memory.values == [3600])
    #expect(outcome.verdict == .pass)
  }

  @Test("tries are told apart by their number", arguments: entries.indices)
  func tries(index: Int) throws {
    let outcome = try trial(index).run()
    #expect(outcome.collected.tries.prefix(4) == [600, 1200, 1200, 0])
  }

  @Test("only committed operations have a latency", arguments: entries.indices)
  func latency(index: Int) throws {
    var trial = trial(index)
    trial.samplingInterval = 1
    let outcome = try trial.run()
    #expect(outcome.memory.latency.total == 3000)
  }

  @Test("a broken session is opened again before the next attempt")
  func reconnects() throws {
    let outcome = try trial(1).run()
    // After each lost connection and after each lost answer.
    #expect(outcome.total[.reconnects] == 3 * 600)
  }

  @Test("many conflicts in a row are one operation", arguments: entries.indices)
  func manyConflicts(index: Int) throws {
    let entry = [
      StrategyEntry(blocking: Self.descriptor("test.blocking"), PersistentBlocking.self),
      StrategyEntry(Self.descriptor("test.suspending"), PersistentSuspending.self),
    ][index]
    var trial = Trial(inMemory: entry)
    trial.workers = 1
    trial.operations = 3
    trial.retry.deadline = nil
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.attempts] == 3 * 201)
    #expect(outcome.total[.conflict] == 600)
    #expect(outcome.collected.tries.last == 3)
  }

  @Test("an operation gives up at its deadline", arguments: entries.indices)
  func deadline(index: Int) throws {
    var trial = trial(index, cycles: 1)
    trial.workers = 1
    trial.operations = 10
    trial.retry = RetryPolicy()
    trial.retry.jitter = .none
    trial.retry.base = .milliseconds(5)
    trial.retry.deadline = .milliseconds(2)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    // No second attempt fits, so the plan's attempts are operations of their own.
    #expect(outcome.total[.attempts] == 10)
    #expect(outcome.total[.conflict] == 4)
    #expect(outcome.total[.gaveUp] == 4)
  }
}
