/// Reads the entries of all threads in order of time.
///
/// Those of one thread are in that order already. A thread is read on until another one comes first: threads take turns
/// seldom, compared with how much they write.
struct HistoryMerge {
  private var threads: [ThreadEntries]
  private var current = 0
  /// The first entry of all threads but the current one.
  private var limit = Int64.min

  init(_ recorder: HistoryRecorder, threads count: Int) {
    threads = (0..<count).map { ThreadEntries(recorder, thread: $0) }
  }

  /// The next entry and its thread; nil at the end.
  mutating func next() throws(SystemFailure) -> (record: HistoryRecord, thread: Int)? {
    if try threads[current].moment() > limit { try choose() }
    guard let record = try threads[current].next() else { return nil }
    return (record, current)
  }

  private mutating func choose() throws(SystemFailure) {
    var first = Int64.max
    var second = Int64.max
    for index in threads.indices {
      let moment = try threads[index].moment()
      if moment < first {
        (first, second) = (moment, first)
        current = index
      } else {
        second = min(second, moment)
      }
    }
    limit = second
  }
}

/// The entries of one thread, read in portions.
private struct ThreadEntries {
  private let recorder: HistoryRecorder
  private let thread: Int
  private var piece = 0
  /// Entries of the piece that are in the portion or before it.
  private var read = 0
  private var portion: [HistoryRecord] = []
  private var position = 0

  private static var portionLength: Int { 512 }

  init(_ recorder: HistoryRecorder, thread: Int) {
    self.recorder = recorder
    self.thread = thread
  }

  /// When the next entry was written; the greatest moment at the end.
  mutating func moment() throws(SystemFailure) -> Int64 {
    if position == portion.count { try refill() }
    return position < portion.count ? portion[position].moment : .max
  }

  mutating func next() throws(SystemFailure) -> HistoryRecord? {
    if position == portion.count { try refill() }
    guard position < portion.count else { return nil }
    defer { position += 1 }
    return portion[position]
  }

  private mutating func refill() throws(SystemFailure) {
    let pieces = recorder.pieces(ofThread: thread)
    if piece < pieces.count && read == pieces[piece].count { (piece, read) = (piece + 1, 0) }
    position = 0
    portion.removeAll(keepingCapacity: true)
    guard piece < pieces.count else { return }
    let wanted = min(pieces[piece].count - read, Self.portionLength)
    let none = HistoryRecord(.invoke, worker: 0, at: 0, operation: 0)
    portion.append(contentsOf: repeatElement(none, count: wanted))
    var failure: SystemFailure?
    portion.withUnsafeMutableBufferPointer { buffer in
      do throws(SystemFailure) { _ = try recorder.read(pieces[piece], from: read, into: buffer) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    read += wanted
  }
}
