import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// What tells the ways to lock rows apart, and that a way which does not lock is caught.
  @Suite struct RowLocks {
    @Test("two who share a row and want to write it deadlock, and nothing is lost")
    func upgrade() throws {
      var trial = try Trial("postgres.for-share-upgrade", "counter")
      trial.workers = 2
      trial.operations = 6
      trial.workload.hold = .milliseconds(50)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 6)
      #expect(outcome.total[.deadlock] > 0)
    }

    @Test("a lock that is not free fails the attempt", arguments: ["postgres.nowait", "postgres.skip-locked"])
    func atOnce(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.operations = 60
      trial.workload.hold = .milliseconds(1)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.lockTimeout] > 0)
      #expect(outcome.total[.deadlock] == 0)
    }

    @Test("locks taken in any order time out or are refused, without a deadlock of a second")
    func unordered() throws {
      for strategy in ["postgres.nowait", "postgres.skip-locked", "postgres.lock-timeout"] {
        var trial = try Trial(strategy, "transfer", keys: 3, ["ordered": .flag(false), "initial": .integer(10)])
        if strategy == "postgres.lock-timeout" { trial.options = ["timeout": .duration(.milliseconds(5))] }
        trial.operations = 200
        let outcome = try trial.run()
        outcome.expectCountsAddUp()
        outcome.expectServerAgrees()
        #expect(outcome.verdict == .pass, "\(strategy): \(outcome.checks)")
        #expect(outcome.total[.lockTimeout] > 0)
        #expect(outcome.total[.deadlock] == 0)
      }
    }

    @Test("waits beyond the limit time out, and nothing is lost")
    func limitedWait() throws {
      let blocker = try PostgresServer.connect()
      var trial = try Trial("postgres.lock-timeout", "counter")
      trial.options = ["timeout": .duration(.milliseconds(20))]
      trial.workers = 2
      trial.operations = 20
      trial.workload.hold = .milliseconds(20)
      let outcome = try trial.run {
        _ = try? blocker.run("BEGIN")
        _ = try? blocker.run("LOCK TABLE \"\(trial.namespace)\".records IN EXCLUSIVE MODE")
        _ = try? blocker.run("SELECT pg_sleep(0.3)")
        _ = try? blocker.run("COMMIT")
      }
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.lockTimeout] >= 5)
      #expect(outcome.total[.committed] == 20)
    }

    @Test("seats are claimed, and given back, by one statement")
    func claims() throws {
      let outcome = try Trial("postgres.skip-locked", "seats", keys: 6, ["span": .integer(3)]).run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.refused] > 0)
      let setUp = Int64(8 * 12)
      #expect(outcome.total[.statements] < outcome.total[.started] + setUp)
    }

    @Test("a row lock that does not exclude is caught")
    func weakLock() throws {
      let entry = StrategyEntry(ForUpdateLock.descriptor, RowLocked<KeyShareLock>.self)
      let outcome = try Trial(planted: entry).run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation)
      #expect(outcome.kinds.contains(.duplicateValue))
      #expect(outcome.total[.overlaps] > 0)
    }

    @Test("a snapshot without the check for conflicts is caught")
    func weakSnapshot() throws {
      let entry = StrategyEntry(RepeatableRead.descriptor, SnapshotTransaction<ReadCommitted>.self)
      let outcome = try Trial(planted: entry).run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation)
      #expect(outcome.kinds.contains(.duplicateValue))
    }
  }
}

/// A planted fault: a lock that excludes only those who delete the row or change its key.
private enum KeyShareLock: RowLock {
  static let descriptor = ForUpdateLock.descriptor
  static var select: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR KEY SHARE") }
}

/// A planted fault: a transaction at the default level between reading and writing.
private enum ReadCommitted: SnapshotLevel {
  static let descriptor = RepeatableRead.descriptor
  static let isolation = PostgresStrategies.Isolation.readCommitted
  static var begin: Statement { Statement("begin", "BEGIN") }
}
