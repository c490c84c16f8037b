internal import Model
internal import Runtime

/// The phases of a two-phase commit.
extension TwoPhaseCommit where Member: ~Copyable {
  /// One database alone needs no second phase.
  mutating func commitAtOnce(_ parts: PlacedSteps, _ attempt: inout Attempt) async throws(AttemptFailure) {
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty {
      attempt.leave()
      do throws(AttemptFailure) {
        try members[shard].send(changesOf: parts[shard], .commit, &attempt)
        try await members[shard].answer(decides: true)
      } catch {
        members[shard].note(error, attempt)
        await members[shard].rollBack()
        throw error
      }
    }
  }

  /// The first phase: all databases at the same time. When one of them cannot promise, all are rolled back, and nothing
  /// has happened.
  mutating func prepare(
    _ parts: PlacedSteps, _ number: TransactionNumber, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    worker.points.reach(CommitPoint.beforePrepare.rawValue)
    var failure: AttemptFailure?
    var sent: UInt8 = 0
    var prepared: UInt8 = 0
    let isOneByOne = worker.points.isAwaited(CommitPoint.betweenPrepares.rawValue)
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty && failure == nil {
      let ending = parts[shard].writes(attempt.operation) ? BranchEnding.prepare(number) : .commit
      do throws(AttemptFailure) {
        try members[shard].send(changesOf: parts[shard], ending, &attempt)
        sent |= 1 << UInt8(shard)
        if isOneByOne {
          sent ^= 1 << UInt8(shard)
          try await members[shard].answer(decides: false)
          prepared |= 1 << UInt8(shard)
          worker.points.reach(CommitPoint.betweenPrepares.rawValue)
        }
      } catch {
        members[shard].note(error, attempt)
        failure = error
      }
    }
    for shard in 0..<shared.sharding.count where sent & 1 << UInt8(shard) != 0 {
      do throws(AttemptFailure) {
        try await members[shard].answer(decides: false)
        prepared |= 1 << UInt8(shard)
      } catch {
        members[shard].note(error, attempt)
        failure = failure ?? error
      }
    }
    guard let failure else { return worker.points.reach(CommitPoint.beforeDecision.rawValue) }
    attempt.leave()
    await abort(parts, prepared, number, attempt.operation)
    throw failure
  }

  /// Undoes what was prepared, and what was not. A branch of which nothing is known is left to recovery.
  private mutating func abort(
    _ parts: PlacedSteps, _ prepared: UInt8, _ number: TransactionNumber, _ operation: Operation
  ) async {
    for shard in 0..<shared.sharding.count where !parts[shard].isEmpty {
      guard prepared & 1 << UInt8(shard) != 0 && parts[shard].writes(operation) else {
        shared.recovery?.doubt(number)
        await members[shard].rollBack()
        continue
      }
      do throws(AttemptFailure) {
        try members[shard].send(.rollBackPrepared(number))
        try await members[shard].answer(decides: false)
      } catch {
        shared.recovery?.doubt(number)
        hasLostSession = true
      }
    }
  }

  /// The commit point. A record that may be on the disk or not leaves open what recovery will do.
  mutating func decide(_ number: TransactionNumber, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(SystemFailure) {
      attempt.count(.logSyncs, try await shared.log.commit(number))
    } catch {
      attempt.note(error: "\(error)")
      attempt.leave()
      hasLostSession = true
      throw .ambiguous
    }
    worker.points.reach(CommitPoint.afterDecision.rawValue)
  }

  /// The second phase: all databases at the same time. The operation has committed, whatever happens now; a branch that
  /// cannot be told is ended by recovery.
  mutating func commit(_ parts: PlacedSteps, _ number: TransactionNumber, _ attempt: inout Attempt) async {
    attempt.leave()
    let isOneByOne = worker.points.isAwaited(CommitPoint.betweenCommits.rawValue)
    var sent: UInt8 = 0
    for shard in 0..<shared.sharding.count where parts[shard].writes(attempt.operation) {
      do throws(AttemptFailure) {
        try members[shard].send(.commitPrepared(number))
        if isOneByOne {
          try await members[shard].answer(decides: false)
          worker.points.reach(CommitPoint.betweenCommits.rawValue)
        } else {
          sent |= 1 << UInt8(shard)
        }
      } catch {
        leaveToRecovery(number, error, shard, attempt)
      }
    }
    for shard in 0..<shared.sharding.count where sent & 1 << UInt8(shard) != 0 {
      do throws(AttemptFailure) {
        try await members[shard].answer(decides: false)
      } catch {
        leaveToRecovery(number, error, shard, attempt)
      }
    }
  }

  private mutating func leaveToRecovery(
    _ number: TransactionNumber, _ failure: AttemptFailure, _ shard: Int, _ attempt: Attempt
  ) {
    members[shard].note(failure, attempt)
    shared.recovery?.doubt(number)
    hasLostSession = true
  }
}
