internal import Model
internal import Runtime

/// A record whose critical section a worker was in when its process was killed, as far as can be seen from outside.
struct DeadHolder {
  let key: Int32
  let worker: Int
  /// When it was killed.
  let moment: Int64
  /// Changes of the record that had been acknowledged by then.
  let acknowledged: Int64

  /// Whether somebody has had the lock since: another one has entered, or a change of the record was acknowledged.
  func wasFollowed(_ trial: TrialController) -> Bool {
    trial.lastToEnter(key) != worker || trial.acknowledgedChanges(of: key) > acknowledged
  }
}

/// Finds locks that nobody alive holds and nobody gets: their holder was killed, somebody wanted them until the end, and
/// neither in the measured window nor while operations drained did anybody have them.
///
/// Who was killed before it had entered, or waited where it had entered before, may be taken for a holder; then others go
/// on, and nothing is found. What is found may be a lease that has not run out.
struct AbandonedLocks {
  /// A lock that nobody got.
  struct Finding {
    let key: Int32
    /// From the death of its holder until the window closed.
    let seconds: Double
  }
  private struct Lock {
    let holder: DeadHolder
    /// The happening that killed its holder.
    let happening: Int
    /// When somebody was last seen in an operation on the record.
    var lastWanted: Int64 = 0
  }

  /// What is shorter may be the usual wait.
  private static let least: Int64 = 500_000_000
  /// Somebody wanted it so shortly before the end, or nobody cares.
  private static let tail: Int64 = 250_000_000
  private static let lookInterval: Int64 = 10_000_000

  private var locks: [Lock] = []
  private var lastLook: Int64 = 0

  /// Holders were killed.
  mutating func add(_ holders: [DeadHolder], happening: Int) {
    for holder in holders {
      // Who took the place of a dead holder and was killed while it waited has had nothing.
      if locks.contains(where: { $0.holder.key == holder.key && $0.holder.worker == holder.worker }) { continue }
      locks.append(Lock(holder: holder, happening: happening))
    }
  }

  /// Looks who has got what, and who wants it.
  mutating func look(at trial: TrialController, _ now: Int64) {
    if locks.isEmpty { return }
    locks.removeAll { $0.holder.wasFollowed(trial) }
    guard now - lastLook >= Self.lookInterval else { return }
    lastLook = now
    for index in locks.indices where trial.isWanted(locks[index].holder.key) { locks[index].lastWanted = now }
  }

  /// What a happening has left, after the window has closed at a moment and everything has drained.
  func findings(of happening: Int, closed: Int64) -> [Finding] {
    locks.compactMap { lock in
      guard lock.happening == happening, lock.lastWanted >= closed - Self.tail,
        closed - lock.holder.moment >= Self.least
      else { return nil }
      return Finding(key: lock.holder.key, seconds: Double(closed - lock.holder.moment) / 1e9)
    }
  }
}
