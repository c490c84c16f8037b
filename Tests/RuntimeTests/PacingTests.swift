import Model
import Runtime
import Testing
import TrialSupport

@testable import MemoryStrategies

/// How long workers pause, to the microsecond: in virtual time, where an hour of waiting is over at once.
struct PacingTests {
  /// The loop of strategies that suspend, and that of those that block.
  static let entries = [
    StrategyEntry(OpenLock.descriptor, Locked<OpenLock, PlainRecords>.self),
    StrategyEntry(blocking: OpenLock.descriptor, Guarded<NoLock>.self),
  ]

  /// A worker whose operations take a millisecond.
  private func trial(_ entry: StrategyEntry, operations: Int) -> Trial {
    var trial = Trial(inMemory: entry)
    trial.isInVirtualTime = true
    trial.workers = 1
    trial.operations = operations
    trial.workload.hold = .milliseconds(1)
    trial.samplingInterval = 1
    return trial
  }

  /// From the start to the last commit.
  private func seconds(_ outcome: TrialOutcome) throws -> Double {
    let last = try #require(outcome.collected.lastCommit)
    return Double(last) / 1e9
  }

  /// The mean time of an operation.
  private func milliseconds(_ outcome: TrialOutcome) throws -> Double {
    let mean = try #require(outcome.collected.latency.mean)
    return mean / 1e6
  }

  /// One server, Poisson arrivals, a constant service time s: by Pollaczek and Khinchine an operation takes
  /// s + rho s / (2 (1 - rho)) from its arrival on the average.
  @Test("in an open loop operations are timed from their arrival", arguments: entries.indices, [0.2, 0.5, 0.8])
  func queue(index: Int, utilisation: Double) throws {
    var trial = trial(Self.entries[index], operations: 50_000)
    trial.rate = utilisation * 1000
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    let mean = try milliseconds(outcome)
    let expected = 1 + utilisation / (2 * (1 - utilisation))
    #expect(abs(mean / expected - 1) < 0.05, "\(mean) ms, not \(expected) ms")
    #expect(abs(try seconds(outcome) / (50 / utilisation) - 1) < 0.02)
  }

  @Test("arrivals in equal gaps wait for nobody as long as there is time for each", arguments: entries.indices)
  func uniform(index: Int) throws {
    var trial = trial(Self.entries[index], operations: 5000)
    (trial.rate, trial.arrivals) = (800, .uniform)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(abs(try milliseconds(outcome) - 1) < 0.02)
    #expect(abs(try seconds(outcome) / (5 / 0.8) - 1) < 0.01)
  }

  @Test("of those who come at once, each waits for all before it", arguments: entries.indices)
  func bursts(index: Int) throws {
    var trial = trial(Self.entries[index], operations: 5000)
    (trial.rate, trial.arrivals) = (500, .bursts(of: 50))
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    // 50 at once, each served for 1 ms: the first waits for nobody, the last for 49 others.
    #expect(abs(try milliseconds(outcome) / 25.5 - 1) < 0.02)
    let longest = Double(outcome.collected.fairness.longestWaitNanoseconds) / 1e6
    #expect(abs(longest - 50) < 1)
    #expect(abs(try seconds(outcome) / 9.95 - 1) < 0.01)
  }

  @Test("a worker that is late does not shift the arrivals", arguments: entries.indices)
  func overload(index: Int) throws {
    var trial = trial(Self.entries[index], operations: 10_000)
    trial.rate = 2000
    let outcome = try trial.run()
    // Twice as many come as can be served: whoever comes last waits for half of the time.
    #expect(abs(try seconds(outcome) / 10 - 1) < 0.01)
    let longest = Double(outcome.collected.fairness.longestWaitNanoseconds) / 1e9
    #expect(abs(longest / 5 - 1) < 0.05, "\(longest) s")
  }

  @Test("in a closed loop a worker thinks between its operations", arguments: entries.indices)
  func thinking(index: Int) throws {
    var trial = trial(Self.entries[index], operations: 100)
    trial.workload.think = .seconds(60)
    let outcome = try trial.run()
    #expect(abs(try seconds(outcome) - (99 * 60 + 0.1)) < 0.001)
    #expect(abs(try milliseconds(outcome) - 1) < 0.002)
  }

  @Test("workers of one thread hold at the same time")
  func shared() throws {
    let descriptor = StrategyDescriptor(
      id: "test.shared", summary: "shares its thread", documentation: .sample, store: "memory", scope: .process,
      threading: .shared)
    var trial = trial(StrategyEntry(descriptor, Locked<OpenLock, PlainRecords>.self), operations: 800)
    trial.workers = 8
    let outcome = try trial.run()
    #expect(abs(try seconds(outcome) - 0.1) < 0.001)
    #expect(outcome.total[.overlaps] > 0)
  }

  // MARK: after failures

  private static let persistent = [
    StrategyEntry(PersistentSuspending.descriptor, PersistentSuspending.self),
    StrategyEntry(blocking: PersistentSuspending.descriptor, PersistentBlocking.self),
  ]

  @Test("a worker backs off as long as the policy says, and counts it", arguments: persistent.indices)
  func backoff(index: Int) throws {
    var trial = trial(Self.persistent[index], operations: 3)
    trial.retry = RetryPolicy()
    trial.retry.jitter = .none
    trial.retry.cap = .milliseconds(20)
    trial.retry.deadline = nil
    let outcome = try trial.run()
    // 200 conflicts per operation.
    let planned: Int64 = 3 * (1 + 2 + 4 + 8 + 16 + 195 * 20) * 1_000_000
    #expect(outcome.total[.backoffNanoseconds] == planned)
    #expect(outcome.total[.committed] == 3 && outcome.total[.conflict] == 600)
    #expect(abs(try seconds(outcome) - Double(planned) / 1e9) < 0.001)
  }

  @Test("an operation gives up when its deadline would pass during the next pause", arguments: persistent.indices)
  func deadline(index: Int) throws {
    var trial = trial(Self.persistent[index], operations: 3)
    trial.retry = RetryPolicy()
    trial.retry.backoff = .constant
    trial.retry.jitter = .none
    trial.retry.base = .milliseconds(100)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    // 100 attempts in 10 s, twice; the 201st attempt succeeds.
    #expect(outcome.total[.gaveUp] == 2 && outcome.total[.committed] == 1)
    #expect(outcome.total[.attempts] == 201)
    #expect(abs(try seconds(outcome) - 2 * 9.9) < 0.001)
    let longest = Double(outcome.collected.fairness.longestWaitNanoseconds) / 1e9
    #expect(abs(longest - 9.9) < 0.001)
  }
}
