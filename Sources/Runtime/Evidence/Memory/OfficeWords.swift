internal import Synchronization

/// What the leaders of an election leave for their successors, over all processes.
///
/// In the header of the trial's memory and not beside a record: a lock of one host may lie there, also under a store that
/// compares terms.
public struct OfficeWords: @unchecked Sendable {  // because the words are only used atomically
  let words: UnsafeMutablePointer<Atomic<Int64>>
  static var count: Int { 2 }

  /// When an effect of any leader was acknowledged last; 0 when none was.
  var lastEffect: Int64 { words[0].load(ordering: .relaxed) }

  /// An effect of a leader was acknowledged.
  func noteEffect(at now: Int64) { words[0].max(now, ordering: .relaxed) }

  /// A leader gives its office back, so many nanoseconds after it has got it.
  func noteResignation(after nanoseconds: Int64) { words[1].store(max(1, nanoseconds), ordering: .relaxed) }

  /// How long the leader before had led if it has given its office back; nil when it has not, or another has asked.
  func takeResignation() -> Int64? {
    let nanoseconds = words[1].exchange(0, ordering: .relaxed)
    return nanoseconds > 0 ? nanoseconds : nil
  }
}
