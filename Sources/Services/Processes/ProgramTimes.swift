internal import CLinux
@preconcurrency internal import Glibc

/// CPU time of many processes at one moment, each apart.
///
/// Sums do not do: a process that ends between two of them takes with it what it has used in all its life, when nobody
/// waits for it or its parent was read before. Hours of somebody else's would hide what another burns right now.
public struct ProgramTimes: Sendable {
  struct Times {
    let parent: pid_t
    /// Its own, in seconds.
    let own: Double
    /// Of children that have ended and were waited for.
    let ended: Double
  }

  private let times: [pid_t: Times]

  /// Reads their clocks.
  init(_ processes: some Sequence<ProcessTree.Entry>) {
    let ticksPerSecond = Double(sysconf(CInt(_SC_CLK_TCK)))
    times = Dictionary(
      processes.map {
        let own = $0.ownSeconds(ticksPerSecond: ticksPerSecond)
        return ($0.process, Times(parent: $0.parent, own: own, ended: Double($0.childTicks) / ticksPerSecond))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Times that are known.
  init(_ times: [pid_t: Times]) { self.times = times }

  /// Seconds that were used since an earlier moment; never less than 0. Of a process that has ended in between, what it
  /// used since then is in its parent's account, if that has waited for it, and else unknown.
  public func used(since earlier: ProgramTimes) -> Double {
    // What processes had used before they ended is in the account of their parents, too.
    var known: [pid_t: Double] = [:]
    for (process, then) in earlier.times where times[process] == nil {
      known[then.parent, default: 0] += then.own + then.ended
    }
    return times.reduce(0) { sum, entry in
      let (process, now) = entry
      guard let then = earlier.times[process] else { return sum + now.own + now.ended }
      return sum + max(0, now.own - then.own) + max(0, now.ended - then.ended - known[process, default: 0])
    }
  }
}
