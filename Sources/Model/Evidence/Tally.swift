/// The stretches of a trial that are counted apart.
public enum Phase: Int, CaseIterable, Sendable, Codable {
  /// Before the measured window.
  case warmUp
  /// Operations that started and ended inside the measured window.
  case measured
  /// Operations that were still waiting when the window closed; their latency is censored.
  case drained
}

/// Counts of one phase, summed over threads and processes.
public struct Tally: Sendable, Equatable, Codable {
  /// One number per ``Counter``, in its order.
  public private(set) var counts: [Int64]

  /// All zero.
  public init() { counts = Array(repeating: 0, count: Counter.allCases.count) }

  /// The number of one counter.
  public subscript(counter: Counter) -> Int64 {
    get { counts[counter.rawValue] }
    set { counts[counter.rawValue] = newValue }
  }

  /// Adds another tally, counter by counter; sums wrap as they do in shared memory.
  public static func += (left: inout Tally, right: Tally) {
    for index in left.counts.indices { left.counts[index] &+= right.counts[index] }
  }

  /// Operations by outcome, summed.
  public var outcomes: Int64 { Outcome.allCases.reduce(0) { $0 + self[.of($1)] } }
  /// Failed attempts of every class, summed.
  public var failedAttempts: Int64 { AttemptFailure.allCases.reduce(0) { $0 + self[.of($1)] } }
  /// Attempts that ended without an answer because the process was ended are not among the classes, so this counts
  /// what is missing: attempts started less attempts ended.
  public var openAttempts: Int64 { self[.attempts] - self[.committed] - self[.refused] - failedAttempts }
  /// Operations started less operations ended.
  public var openOperations: Int64 { self[.started] - outcomes }
}
