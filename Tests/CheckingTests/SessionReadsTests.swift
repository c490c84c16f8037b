import Model
import Synchronization
import Testing

@testable import Checking

/// What a worker is owed that has stored or read a value.
struct SessionReadsTests {
  /// Lets one worker see operations one after the other, and counts what it found.
  private func found(_ seen: [(isRead: Bool, key: Int32, value: Int64)]) -> (missed: Int64, backward: Int64) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
    let page = UnsafeMutablePointer<Int64>.allocate(capacity: Counter.room)
    let stored = UnsafeMutableRawPointer.allocate(byteCount: Operation.byteCount(steps: 1), alignment: 8)
    defer {
      memory.deallocate()
      page.deallocate()
      stored.deallocate()
    }
    page.initialize(repeating: 0, count: Counter.room)
    var observer = SessionObserver(
      ObservedMemory(
        words: memory, initials: memory, stride: 0,
        returned: ReturnedValues(bits: memory, bitsPerRecord: 0, repeats: page)))
    for (isRead, key, value) in seen {
      let step = Step(key: Int(key), isRead ? .read : .add, operand: isRead ? 0 : 1)
      Operation.store(OperationTemplate(steps: [step]), index: 0, at: stored)
      let operation = Operation(stored.assumingMemoryBound(to: Operation.Header.self), token: 1)
      withUnsafePointer(to: value) { observer.committed(operation, $0, ObservedCounts(page)) }
    }
    return (page[Counter.missedOwnWrites.rawValue], page[Counter.nonMonotonicReads.rawValue])
  }

  @Test("a value that is older than what was stored or read is found, and nothing else")
  func comparisons() {
    #expect(found([(true, 1, 0), (false, 1, 1), (true, 1, 1), (true, 1, 5), (true, 1, 5)]) == (0, 0))
    #expect(found([(false, 1, 3), (true, 1, 2)]) == (1, 0), "an own change was missed")
    #expect(found([(true, 1, 3), (true, 1, 2), (true, 1, 2)]) == (0, 2), "what was read once is gone")
    #expect(found([(false, 1, 3), (true, 1, 3), (true, 1, 2)]) == (1, 1))
    #expect(found([(true, 1, 7), (false, 1, 3), (true, 1, 7)]) == (0, 0), "what a change returns is not read")
    #expect(found([(true, 1, 7), (true, 2, 1)]) == (0, 0), "each record by itself")
  }

  @Test("a record that takes the place of another makes it forgotten, and is not mistaken for it")
  func collisions() {
    let other = 1 + Int32(SessionObserver.places)
    #expect(found([(true, 1, 7), (true, other, 1), (true, other, 0), (true, 1, 3)]) == (0, 1))
  }

  @Test("both are violations, whatever freshness is asked for", arguments: ["latest", "session"])
  func judged(freshness: String) throws {
    let profile = try makeWorkload("profile", ["freshness": .word(freshness)])
    var evidence = makeEvidence(profile, final: [1, 1], acknowledged: [[1], [1]])
    evidence.total[.committedReads] = 50
    #expect(try check(profile, evidence).named("session-reads").verdict == .pass)
    evidence.total[.missedOwnWrites] = 2
    evidence.total[.nonMonotonicReads] = 3
    #expect(
      try check(profile, evidence).named("session-reads").findings == [
        Finding(.notMyOwnWrite, key: nil, count: 2), Finding(.nonMonotonicRead, key: nil, count: 3),
      ])
  }

  @Test("changes of others that are missed are a violation only where the latest value is asked for")
  func staleReads() throws {
    for (freshness, verdict) in [("latest", Verdict.violation), ("session", .pass)] {
      let profile = try makeWorkload("profile", ["freshness": .word(freshness)])
      var evidence = makeEvidence(profile, final: [1, 1], acknowledged: [[1], [1]])
      evidence.total[.committedReads] = 50
      evidence.total[.staleReads] = 4
      let result = try check(profile, evidence).named("fresh-reads")
      #expect(result.verdict == verdict)
      #expect(result.allowed == (verdict == .pass ? [AllowedAnomaly(.staleRead, count: 4)] : []))
    }
  }
}
