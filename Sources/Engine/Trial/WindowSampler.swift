@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services

/// Looks at the workers of a running trial some fifty times a second while the window is open: which operations meet, how
/// many have committed, and at the first and the last look what the threads have done. Reads shared memory and /proc; the
/// workers do not notice.
struct WindowSampler {
  /// When the next look is due; `Int64.max` when there is none.
  private(set) var next: Int64
  private(set) var encounters = Encounters()
  /// Who leads; nil where nobody does.
  private(set) var leaders: LeaderWatch?
  private let times: TrialTimes
  /// Moments of looks vary, so that they do not fall into step with what happens at intervals.
  private var random: RandomSource
  private var committed: [(moment: Int64, count: Int64)] = []
  private var first: Threads?
  private var last: Threads?

  private struct Threads {
    let moment: Int64
    let processes: [pid_t]
    let times: ThreadTimes
  }

  private static let shortestInterval: Int64 = 10_000_000
  private static let longestInterval: Int64 = 30_000_000
  /// The shortest part of a window whose goodput is told apart: fewer commits in it would be noise.
  private static let shortestPart: Int64 = 100_000_000
  /// More threads are not asked what they did: it would take longer than a look may.
  private static let mostThreads = 256
  /// More parts than these would only resemble their neighbours more.
  private static let mostParts: Int64 = 50

  /// - Parameter hasLeader: whether one worker leads the others.
  init(_ times: TrialTimes, seed: UInt64, hasLeader: Bool) {
    self.times = times
    leaders = hasLeader ? LeaderWatch(opened: times.opens) : nil
    random = RandomSource(seed: seed, stream: 3 << 32)
    next = times.opens
  }

  /// Looks, if it is time to.
  mutating func tick(_ memory: TrialMemory, _ now: Int64, processes: [pid_t]) {
    guard now >= next else { return }
    guard now < times.closes else {
      next = .max
      return
    }
    encounters += memory.lookAtOperations()
    leaders?.look(memory, now)
    committed.append((monotonicNow(), memory.committed))
    next =
      now + Self.shortestInterval
      + Int64(random.below(UInt64(Self.longestInterval - Self.shortestInterval)))
    guard memory.layout.threads <= Self.mostThreads else { return }
    // Threads end when the window does, and take their figures with them.
    if first == nil { first = threads(of: processes) } else if next >= times.closes { last = threads(of: processes) }
  }

  private func threads(of processes: [pid_t]) -> Threads? {
    var sum = ThreadTimes()
    for process in processes {
      guard let times = ProcessTree.threadTimes(of: process) else { return nil }
      sum.computingNanoseconds += times.computingNanoseconds
      sum.readyNanoseconds += times.readyNanoseconds
      sum.involuntarySwitches += times.involuntarySwitches
    }
    return Threads(moment: monotonicNow(), processes: processes, times: sum)
  }

  /// What so many threads did on so many CPUs; nil when they were not the same at both ends of the window, or
  /// too many to be asked.
  func share(threads: Int, processors: Int) -> WorkerThreads? {
    guard let first, let last, first.processes == last.processes, last.moment > first.moment else { return nil }
    let elapsed = Double(last.moment - first.moment)
    let computing = last.times.computingNanoseconds - first.times.computingNanoseconds
    let ready = last.times.readyNanoseconds - first.times.readyNanoseconds
    let switches = last.times.involuntarySwitches - first.times.involuntarySwitches
    // A thread that has ended in between takes its figures out of the sum.
    guard computing >= 0, ready >= 0, switches >= 0 else { return nil }
    return WorkerThreads(
      computingRatio: Double(computing) / (elapsed * Double(max(1, min(threads, processors)))),
      readyRatio: Double(ready) / (elapsed * Double(max(1, threads))),
      involuntarySwitchesPerSecond: Double(switches) * 1e9 / elapsed, processors: processors)
  }

  /// Commits in equal parts of what was looked at; empty when that is too short, or the trial ended before its window
  /// was to close.
  var parts: [Int64] {
    guard next == .max || next >= times.closes, let first = committed.first, let last = committed.last else {
      return []
    }
    let length = last.moment - first.moment
    let count = min(Self.mostParts, length / Self.shortestPart)
    guard count >= 2 else { return [] }
    var counts: [Int64] = []
    var (index, before) = (0, first.count)
    for part in 1...count {
      let end = first.moment + length * part / count
      while index + 2 < committed.count && committed[index + 1].moment < end { index += 1 }
      let reached = Self.count(at: end, between: committed[index], committed[index + 1])
      counts.append(reached - before)
      before = reached
    }
    return counts
  }

  /// Commits do not stop between two looks.
  private static func count(
    at moment: Int64, between left: (moment: Int64, count: Int64), _ right: (moment: Int64, count: Int64)
  ) -> Int64 {
    guard right.moment > left.moment else { return right.count }
    let share = Double(moment - left.moment) / Double(right.moment - left.moment)
    return left.count + Int64((share * Double(right.count - left.count)).rounded())
  }
}
