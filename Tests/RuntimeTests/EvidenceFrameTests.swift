import Model
import Testing

@testable import Runtime

/// Frames of evidence from anywhere: what was written is read, everything else is refused.
struct EvidenceFrameTests {
  private let layout = EvidenceSimulation.layout

  @Test("a frame of nobody and a frame of everybody come back")
  func roundTrip() throws {
    for evidence in [CollectedEvidence(layout), try EvidenceSimulation(seed: 8).whole] {
      let frame = evidence.frame()
      #expect(try CollectedEvidence(frame: frame, layout: layout) == evidence)
    }
    // The histograms alone would be 0.7 MB.
    #expect(try EvidenceSimulation(seed: 8).whole.frame().count < 40_000)
  }

  @Test("amounts and values of any size come back")
  func extremes() throws {
    var evidence = CollectedEvidence(layout)
    evidence.ledger[1] = LedgerEntry(acknowledged: .min, acknowledgedCount: 1, unknownLow: .min, unknownHigh: .max)
    evidence.values = [.min, 0, 0, .max, 0]
    evidence.returned.insert(0..<layout.records * layout.bitsPerRecord)
    evidence.duplicates.formUnion([layout.records * layout.bitsPerRecord - 1])
    #expect(try CollectedEvidence(frame: evidence.frame(), layout: layout) == evidence)
  }

  @Test("a damaged byte anywhere, an early end and a late one are noticed")
  func damage() throws {
    let frame = try EvidenceSimulation(seed: 9, count: 20).evidence(0..<24).frame()
    for position in frame.indices {
      var damaged = frame
      damaged[position] ^= UInt8(1 + position % 255)
      #expect(throws: EvidenceFailure.self, "at \(position)") { try EvidenceFrame.unwrap(damaged) }
      #expect(throws: EvidenceFailure.self, "cut at \(position)") {
        try EvidenceFrame.unwrap(Array(frame[..<position]))
      }
    }
    #expect(throws: EvidenceFailure.damaged) { try CollectedEvidence(frame: frame + [0], layout: layout) }
    #expect(throws: EvidenceFailure.notEvidence) { try CollectedEvidence(frame: [], layout: layout) }
    var other = frame
    other[4] += 1
    #expect(throws: EvidenceFailure.version(EvidenceFrame.version + 1)) {
      try CollectedEvidence(frame: other, layout: layout)
    }
  }

  /// With a right checksum, as a program of another kind would send it. Nothing may trap: not the reading, not the
  /// merging, not the sums.
  @Test("content that makes no sense is refused or harmless", arguments: 0..<4)
  func fuzz(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let part = try EvidenceSimulation(seed: seed, count: 40).evidence(0..<9)
    let content = try Array(EvidenceFrame.unwrap(part.frame()))
    let rest = try EvidenceSimulation(seed: seed, count: 40).evidence(9..<24)
    var refused = 0
    for _ in 0..<100 {
      var mutated = content
      for _ in 0...random.below(3) { Self.mutate(&mutated, &random) }
      do throws(EvidenceFailure) {
        var evidence = try CollectedEvidence(frame: EvidenceFrame.wrap(mutated), layout: layout)
        try evidence.merge(rest)
        _ = evidence.total.outcomes + evidence.total.openAttempts + evidence.startedOperations
        _ = (evidence.fairness, evidence.lastCommit, evidence.latency.total, evidence.frame())
        _ = evidence.duplicates(initial: [0, 0, 0, 0, 0], falling: true)
      } catch {
        #expect(!error.description.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout RandomSource) {
    let position = Int(random.below(UInt64(bytes.count)))
    switch random.below(4) {
    case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes.removeSubrange(position..<min(bytes.count, position + 1 + Int(random.below(9))))
    case 2: bytes.insert(contentsOf: (0..<9).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: position)
    default: bytes.replaceSubrange(position..<position + 1, with: repeatElement(0xFF, count: 9))
    }
    if bytes.isEmpty { bytes = [0] }
  }
}
