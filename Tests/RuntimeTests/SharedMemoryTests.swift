import Glibc
import Model
import Synchronization
import Testing

@testable import Runtime

/// Memory that worker processes inherit.
struct SharedMemoryTests {
  @Test("a child process that inherits the descriptor shares the pages")
  func inheritance() throws {
    let region = try SharedRegion(byteCount: 3 * 4096)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, region.descriptor, 5)
    let words = ["/bin/sh", "-c", "printf hello 1<>/proc/self/fd/5"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    #expect(posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, nil) == 0)
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    #expect(status == 0)
    let bytes = UnsafeRawBufferPointer(start: region.base, count: 5)
    #expect(String(decoding: bytes, as: UTF8.self) == "hello")
  }

  @Test("two mappings of one descriptor are the same memory")
  func mappings() throws {
    let layout = TrialLayout(
      records: 3, threads: 2, workers: 4, ringLength: 8, stepsPerOperation: 2, comparesValues: true)
    let memory = try TrialMemory(layout)
    let inherited = try TrialMemory(layout, descriptor: dup(memory.region.descriptor))
    memory.setInitialValues([5, 6, 7])
    #expect(inherited.values == [5, 6, 7])
    inherited.thread(1).counters(.measured)[Counter.committed.rawValue] += 3
    #expect(memory.tally(.measured)[.committed] == 3)
  }

  @Test("to read what threads have recorded takes no memory that they have not written")
  func readingTakesNoMemory() throws {
    let layout = TrialLayout(
      records: 3, threads: 40, workers: 40, ringLength: 8, stepsPerOperation: 2, comparesValues: false)
    let memory = try TrialMemory(layout)
    let values: [Int64] = [0, 1, 4_000, 250_000, 90_000_000, .max]
    for index in 0..<40 { for value in values { memory.thread(index).recorder(.latency).record(value) } }
    memory.thread(7).recorder(.wait).record(5_000)
    memory.thread(39).recorder(.censored).record(.max)
    func pages() -> Int { memory.region.touched(0..<layout.byteCount).reduce(0) { $0 + $1.count } / 4096 }
    let before = pages()
    #expect(before < 40 * 12)
    var expected = HistogramSnapshot(.latency)
    for value in values { expected.record(UInt64(value), times: 40) }
    #expect(memory.latency == expected)
    #expect(memory.merged(.wait).total == 1 && memory.merged(.censored).total == 1)
    #expect(pages() == before)
  }

  @Test("what a dead worker left open is counted as unknown, once")
  func openOperations() throws {
    let layout = TrialLayout(
      records: 2, threads: 1, workers: 2, ringLength: 2, stepsPerOperation: 2, comparesValues: false)
    let memory = try TrialMemory(layout)
    memory.setInitialValues([100, 100])
    let transfer = OperationTemplate(steps: [Step(key: 0, .add, operand: -4), Step(key: 1, .add, operand: 4)])
    memory.setOperations([transfer, transfer], ofThread: 0)
    let slot = memory.worker(1)
    slot[WorkerSlot.announced] = WorkerSlot.announcement(number: 8, entry: 1)
    slot[WorkerSlot.ended] = 7
    slot[WorkerSlot.operationStart] = 1_000
    for _ in 0..<2 { memory.settleOpenOperations(windowEnd: 5_000) }
    #expect(memory.tally(.drained)[.unknown] == 1)
    #expect(memory.tally(.drained).openAttempts == 0)
    #expect(memory.collect().ledger == [LedgerEntry(unknownLow: -4), LedgerEntry(unknownHigh: 4)])
    #expect(memory.collect().phases.censored.maximum.map { $0 >= 4_000 } == true)
    #expect(memory.collect().fairness.longestWaitNanoseconds == 4_000)
  }

  @Test("the regions of the layout do not overlap")
  func layout() throws {
    let layout = TrialLayout(
      records: 5, threads: 3, workers: 7, ringLength: 16, stepsPerOperation: 8, comparesValues: true)
    let memory = try TrialMemory(layout)
    memory.setInitialValues(Array(repeating: -1, count: 5))
    for worker in 0..<7 { memory.worker(worker).update(repeating: -1, count: WorkerSlot.stride / 8) }
    let last = Int64(layout.bitsPerRecord - 1)
    let observed = memory.observed(fromWord: 0, memory.thread(0))
    #expect(observed.returned.insert(key: 4, distance: last + 1) == nil)
    #expect(observed.returned.insert(key: 4, distance: last) == false)
    for word in 0..<RecordSlot.observedWords { observed.word(4, word).pointee.store(-1, ordering: .relaxed) }
    #expect(observed.initial(4) == -1 && observed.word(3).pointee.load(ordering: .relaxed) == 0)
    for thread in 0..<3 {
      let block = memory.thread(thread)
      #expect(
        Phase.allCases.allSatisfy { phase in
          (0..<ThreadBlock.counterWords).allSatisfy { block.counters(phase)[$0] == 0 }
        })
      #expect(RecorderKind.allCases.allSatisfy { block.recorder($0).snapshot.total == 0 })
      for counter in 0..<ThreadBlock.counterWords { block.counters(.drained)[counter] = -1 }
      for kind in RecorderKind.allCases {
        let recorder = block.recorder(kind)
        recorder.counts.update(repeating: 7, count: recorder.layout.count)
      }
      block.note(error: String(repeating: "e", count: 2000))
      for word in 0..<5 * ThreadBlock.ledgerWords { block.ledger[word] = 9 }
      #expect(block.tries[0] == 0)
      #expect(block.duplicates[0] == 0)
    }
    #expect(memory.values == Array(repeating: -1, count: 5))
    #expect(observed.returned.insert(key: 4, distance: last) == true)
  }

  @Test("a thread has room for the counters of the kernel and for those of a family, many more than there are")
  func roomForCounters() throws {
    #expect(ThreadBlock.counterWords == Counter.room)
    #expect(Counter.allCases.count <= Counter.room)
    // Phase by phase, the room does not reach into what follows it.
    let memory = try TrialMemory(
      TrialLayout(records: 1, threads: 1, workers: 1, ringLength: 2, stepsPerOperation: 1, comparesValues: false))
    let block = memory.thread(0)
    for word in 0..<64 { block.counters(.drained)[word] = -1 }
    #expect(memory.collect().tries[1...].allSatisfy { $0 == 0 })
    #expect(memory.tally(.measured) == Tally())
  }

  @Test("the least values returned twice are kept, each once, in whatever order they come")
  func leastDuplicates() throws {
    let memory = try TrialMemory(
      TrialLayout(records: 1, threads: 1, workers: 1, ringLength: 2, stepsPerOperation: 1, comparesValues: true))
    var random = RandomSource(seed: 1)
    let positions = Array(stride(from: 0, to: 100, by: 2)) + Array(0..<9)
    let returned = memory.observed(fromWord: 0, memory.thread(0)).returned
    for position in positions.shuffled(using: &random) {
      _ = returned.insert(key: 0, distance: Int64(position))
      _ = returned.insert(key: 0, distance: Int64(position))
    }
    let kept = memory.collect().duplicates(initial: [1000], falling: true).map { 1000 - $0.value }
    let least: [Int64] = Array(0...8) + Array(stride(from: 10, to: 32, by: 2))
    #expect(kept == least)
  }
}
