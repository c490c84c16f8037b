import Model
import Testing

@testable import Runtime

/// Evidence that was split, sent and merged is what one shared memory would have held.
struct CollectedEvidenceTests {
  /// Workers dealt out to hosts, whole threads each, at random cuts.
  private func split(into parts: Int, _ random: inout RandomSource) -> [Range<Int>] {
    let threads = EvidenceSimulation.layout.threads
    let cuts = [0] + (1..<threads).shuffled(using: &random).prefix(parts - 1).sorted() + [threads]
    let workers = 0..<EvidenceSimulation.layout.workers
    return zip(cuts, cuts.dropFirst()).map { first, next in
      let mine = workers.filter { (first..<next).contains(EvidenceSimulation.thread(of: $0)) }
      return mine[0]..<mine[mine.count - 1] + 1
    }
  }

  /// The phase in which a duplicate is counted depends on which of the two came later, which no part knows.
  private func withoutPhaseOfDuplicates(_ evidence: CollectedEvidence) -> CollectedEvidence {
    var evidence = evidence
    let count = evidence.total[.duplicateValues]
    for phase in Phase.allCases { evidence.tallies[phase]?[.duplicateValues] = phase == .measured ? count : 0 }
    return evidence
  }

  @Test("parts that are sent and merged in any order are the whole", arguments: 1...16)
  func splitAndMerge(parts: Int) throws {
    var random = RandomSource(seed: UInt64(parts))
    let simulation = EvidenceSimulation(seed: 100 + UInt64(parts))
    let whole = try simulation.whole
    var heap = try split(into: parts, &random).map { try simulation.evidence($0) }
    #expect(heap.count == parts)
    while heap.count > 1 {
      var left = heap.remove(at: Int(random.below(UInt64(heap.count))))
      let right = heap.remove(at: Int(random.below(UInt64(heap.count))))
      try left.merge(CollectedEvidence(frame: right.frame(), layout: EvidenceSimulation.layout))
      heap.append(left)
    }
    #expect(withoutPhaseOfDuplicates(heap[0]) == withoutPhaseOfDuplicates(whole))
    #expect(whole.firstError != nil && whole.lastCommit != nil && whole.values != nil)
    #expect(Counter.allCases.filter { whole.total[$0] > 0 }.contains(.unknown))
  }

  @Test("values that were returned twice are counted exactly, and the least of them are kept")
  func duplicates() throws {
    let simulation = EvidenceSimulation(seed: 3)
    let initial = Array(repeating: Int64(0), count: 5)
    let returned = simulation.events.filter { event in
      event.ending.outcome == .committed && event.entry != 3 && event.moment % 30 != 0
        && event.values[0] < EvidenceSimulation.layout.bitsPerRecord
    }.map { [[0, 4, 2][$0.entry], Int($0.values[0])] }
    var seen: [[Int]: Int] = [:]
    for value in returned { seen[value, default: 0] += 1 }
    let twice = seen.filter { $0.value > 1 }.keys.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    let parts = try [0..<9, 9..<24].map { try simulation.evidence($0) }
    var merged = parts[1]
    try merged.merge(parts[0])
    for evidence in [try simulation.whole, merged] {
      #expect(evidence.total[.comparedValues] == Int64(returned.count))
      #expect(evidence.total[.duplicateValues] == Int64(returned.count - seen.count))
      let kept = evidence.duplicates(initial: initial, falling: false).map { [$0.key, Int($0.value)] }
      #expect(kept == Array(twice.prefix(20)))
    }
    #expect(parts[0].total[.duplicateValues] + parts[1].total[.duplicateValues] < merged.total[.duplicateValues])
  }

  @Test("evidence of nobody changes nothing")
  func identity() throws {
    let whole = try EvidenceSimulation(seed: 5).whole
    var left = CollectedEvidence(EvidenceSimulation.layout)
    try left.merge(whole)
    #expect(left == whole)
    var right = whole
    try right.merge(CollectedEvidence(EvidenceSimulation.layout))
    #expect(right == whole)
  }

  @Test("what does not belong together is not merged, not even partly")
  func refusals() throws {
    let simulation = EvidenceSimulation(seed: 6)
    let part = try simulation.evidence(0..<9)
    var merged = part
    #expect(throws: EvidenceFailure.sameWorker(0)) { try merged.merge(part) }
    let store = try simulation.memory(9..<24).collect(workers: 9..<24)
    #expect(throws: EvidenceFailure.severalStores) { try merged.merge(store) }
    let other = CollectedEvidence(
      TrialLayout(records: 6, threads: 1, workers: 1, ringLength: 4, stepsPerOperation: 1, comparesValues: true))
    #expect(throws: EvidenceFailure.differentTrials) { try merged.merge(other) }
    let blind = CollectedEvidence(
      TrialLayout(records: 5, threads: 1, workers: 1, ringLength: 4, stepsPerOperation: 1, comparesValues: false))
    #expect(throws: EvidenceFailure.differentTrials) { try merged.merge(blind) }
    #expect(merged == part)
  }
}
