public import Model

/// Session reads: whoever reads a record sees no value older than one that he has stored himself, or has read before.
///
/// Two of the guarantees of Terry et al., "Session Guarantees for Weakly Consistent Replicated Data" (1994): read your
/// writes, and monotonic reads. A session is a worker. The workers compare the values as they read them; here their counts
/// are judged.
public struct SessionReads: Checker {
  /// Nothing to state.
  public init() {}

  /// `session-reads`.
  public var name: String { "session-reads" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// What each worker has stored and read.
  public var observer: (any Observer.Type)? { SessionObserver.self }

  /// A session is one worker, which compares with itself.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what workers saw.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let reads = evidence.total[.committedReads]
    let (missed, backward) = (evidence.total[.missedOwnWrites], evidence.total[.nonMonotonicReads])
    var findings = Findings()
    if missed > 0 {
      findings.add(.notMyOwnWrite, key: nil, count: missed) {
        (
          "every own change seen", "\(missed) of \(reads) reads",
          "these reads saw a value older than one that the same worker had stored"
        )
      }
    }
    if backward > 0 {
      findings.add(.nonMonotonicRead, key: nil, count: backward) {
        (
          "no value older than the last one", "\(backward) of \(reads) reads",
          "these reads saw a value older than one that the same worker had read before"
        )
      }
    }
    return CheckResult(
      checker: name, examined: reads, violations: findings.violations,
      unknown: reads > 0 ? nil : "no operation that only reads committed")
  }
}

/// Values that only grow are below what the worker itself has stored or read.
///
/// It remembers so many records and no more. A record that takes the place of another makes it forgotten, which may hide
/// something and never invents it.
struct SessionObserver: Observer {
  /// What a worker knows of a record.
  private struct Known {
    var key: Int32 = -1
    var stored = Int64.min
    var read = Int64.min
  }

  /// A power of two.
  static let places = 1024
  private var known = Array(repeating: Known(), count: SessionObserver.places)

  init(_ memory: ObservedMemory) {}

  mutating func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    let isReadOnly = operation.isReadOnly
    var (misses, goesBack) = (false, false)
    for index in 0..<operation.count {
      let key = operation[index].key
      let place = Int(key) & (Self.places - 1)
      if known[place].key != key { known[place] = Known(key: key) }
      if isReadOnly {
        misses = misses || values[index] < known[place].stored
        goesBack = goesBack || values[index] < known[place].read
        known[place].read = max(known[place].read, values[index])
      } else {
        known[place].stored = max(known[place].stored, values[index])
      }
    }
    if misses { counts.add(.missedOwnWrites) }
    if goesBack { counts.add(.nonMonotonicReads) }
  }
}
