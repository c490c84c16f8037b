public import Model

/// An exclusive lock by hold segments: whoever owns it holds it at least from the moment at which the grant was known to
/// the sending of the release, so that two such segments never overlap.
///
/// Exact for locks that their owner gives back: to take the ends of the segments for the moments of grant and release is
/// an order that explains the history. What may have happened adds nothing: an acquire without an answer need not have
/// been granted, a release without an answer may have taken effect when it was sent.
public struct ExclusiveLock: HistoryChecker {
  /// Nothing to state.
  public init() {}

  /// `exclusive-lock`.
  public var name: String { "exclusive-lock" }
  /// Holds.
  public var summary: String { "Two never hold one lock at once." }

  /// Looks for segments that overlap.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = Findings()
    var holds = history.holds
    // Of acquires and releases nothing follows when some are missing.
    for stray in history.pairedHolds(into: &holds) {
      findings.add(.strayRelease, key: Int(stray.accesses.first?.key ?? 0), count: 1) {
        (
          "a release by the holder", "a release by process \(stray.process)",
          "\(HistoryWords(history).place(stray)) gave back a lock that it had not acquired"
        )
      }
    }
    for (_, segments) in Dictionary(grouping: holds, by: \.key).sorted(by: { $0.key < $1.key }) {
      findOverlaps(segments, history, &findings)
    }
    return HistoryJudgement(name, examined: holds.count, findings, of: history)
  }

  private func findOverlaps(_ segments: [HoldSegment], _ history: History, _ findings: inout Findings) {
    var last: HoldSegment?
    for segment in segments.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let holder = last, segment.start < holder.end {
        let words = HistoryWords(history)
        findings.add(.overlappingHolds, key: Int(segment.key), count: 1) {
          (
            "one holder at a time", "processes \(holder.process) and \(segment.process) at once",
            "process \(segment.process) was granted the lock \(words.moment(segment.start)), while process "
              + "\(holder.process), which was granted it \(words.moment(holder.start)), "
              + (holder.end == .max ? "never gave it back" : "gave it back only \(words.moment(holder.end))")
          )
        }
      }
      if last.map({ $0.end < segment.end }) ?? true { last = segment }
    }
  }
}

/// The least time during which a process held a lock.
private struct HoldSegment {
  let key: Int64
  let process: Int
  let start: Int64
  var end: Int64
}

extension History {
  /// Those that operations report. One without a release ended at the latest with its worker, at the earliest at once.
  fileprivate var holds: [HoldSegment] {
    operations.flatMap { operation in
      operation.holds.map {
        HoldSegment(key: $0.key, process: operation.process, start: $0.granted, end: $0.released ?? $0.granted)
      }
    }
  }

  /// Those between an acquire and a release of the same process; returns releases of what was not held.
  ///
  /// A release that failed gave nothing back. A process that never releases holds the lock to the end.
  fileprivate func pairedHolds(into holds: inout [HoldSegment]) -> [RecordedOperation] {
    if dropped != 0 { return [] }
    struct Owner: Hashable {
      let process: Int
      let key: Int64
    }
    var open: [Owner: Int64] = [:]
    var stray: [RecordedOperation] = []
    // Acquires of whom nobody knows whether they were granted: the next one in their place may give the lock back.
    var possibleOwners: [Int64: Int64] = [:]
    for operation in operations.sorted(by: { $0.invoke < $1.invoke }) {
      for access in operation.accesses where access.isOfLock {
        let owner = Owner(process: operation.process, key: access.key)
        switch (access.action, operation.ending) {
        case (.acquire, .ok):
          let start = operation.end ?? operation.invoke
          // Granted again although it was never given back.
          if let held = open.updateValue(start, forKey: owner) {
            holds.append(HoldSegment(key: access.key, process: operation.process, start: held, end: .max))
          }
        case (.acquire, .info):
          possibleOwners[access.key] = min(possibleOwners[access.key] ?? .max, operation.invoke)
        case (.release, .ok), (.release, .info):
          if let start = open.removeValue(forKey: owner) {
            holds.append(
              HoldSegment(
                key: access.key, process: operation.process, start: start, end: max(start, operation.invoke)))
          } else if operation.ending == .ok, (possibleOwners[access.key] ?? .max) > (operation.end ?? .max) {
            stray.append(operation)
          }
        default: break
        }
      }
    }
    for (owner, start) in open {
      holds.append(HoldSegment(key: owner.key, process: owner.process, start: start, end: .max))
    }
    return stray
  }
}
