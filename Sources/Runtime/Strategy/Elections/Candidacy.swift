public import Model

extension Attempt {
  /// Waits as a candidate that asks again and again, but not beyond the end of the trial.
  ///
  /// - Parameters:
  ///   - nanoseconds: how long.
  ///   - end: the moment at which the candidate gives up.
  /// - Throws: ``AttemptFailure/notAcquired`` when that has come, or the end of the trial has.
  public func waitAsCandidate(_ nanoseconds: Int64, until end: Int64) async throws(AttemptFailure) {
    let now = monotonicNow()
    if now >= end { throw .notAcquired }
    let wake = min(now &+ nanoseconds, end)
    while true {
      let left = wake &- monotonicNow()
      if left <= 0 { return }
      if events.isOver(since: 0) { throw .notAcquired }
      await sleep(nanoseconds: min(left, 50_000_000))
    }
  }
}
