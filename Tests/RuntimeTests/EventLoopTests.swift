import CLinux
import Glibc
import Model
import Synchronization
import Testing
import VirtualTime

@testable import Runtime

/// The loop on which strategies run. Each test runs its loop on the calling thread.
@Suite(.serialized)
struct EventLoopTests {
  /// What tasks of one loop write down; only that loop's thread touches it.
  private final class Notes: @unchecked Sendable {  // because it is used on one thread only
    var numbers: [Int] = []
    var threads: Set<Int32> = []
    var heap = TimerHeap()
  }

  @Test("sleepers wake in the order of their deadlines, each when it is due")
  func sleepOrder() throws {
    let notes = Notes()
    var random = RandomSource(seed: 2)
    let delays = (0..<200).map { _ in Int(random.below(3_600_000_000_000)) }
    try VirtualClock.run {
      let loop = try EventLoop()
      let start = monotonicNow()
      for delay in delays {
        loop.start {
          await loop.sleep(until: start + Int64(delay))
          let late = monotonicNow() - start - Int64(delay)
          #expect((0..<10_000).contains(late), "\(late) ns")
          notes.numbers.append(delay)
          notes.threads.insert(clinux_thread_id())
        }
      }
      loop.run()
    }
    #expect(notes.numbers == delays.sorted())
    #expect(notes.threads == [clinux_thread_id()])
  }

  @Test("who sleeps does so in real time, too")
  func realSleep() throws {
    let loop = try EventLoop()
    let start = monotonicNow()
    loop.start { await loop.sleep(nanoseconds: 3_000_000) }
    loop.run()
    #expect(monotonicNow() - start >= 3_000_000)
  }

  @Test("a wait for a descriptor that stays silent ends at its moment, one for a descriptor that is ready at once")
  func limitedWait() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    defer {
      close(input)
      close(output)
    }
    try VirtualClock.run {
      let loop = try EventLoop()
      loop.start {
        let readiness = loop.register(input)
        let start = monotonicNow()
        let deadline = start + 60_000_000_000
        #expect(await !loop.wait(for: readiness, until: deadline))
        #expect((0..<10_000).contains(monotonicNow() - deadline))
        var byte: UInt8 = 1
        #expect(write(output, &byte, 1) == 1)
        #expect(await loop.wait(for: readiness, until: deadline + 60_000_000_000))
        #expect(monotonicNow() - deadline < 10_000)
        readiness.deregister()
      }
      loop.run()
    }
  }

  @Test("a timer heap resumes what is due, earliest first, and keeps the rest")
  func timerHeap() throws {
    let loop = try EventLoop()
    let notes = Notes()
    var random = RandomSource(seed: 8)
    let deadlines = (0..<100).map { _ in Int(random.below(1000)) }
    for deadline in deadlines {
      loop.start {
        await withUnsafeContinuation { notes.heap.insert(deadline: Int64(deadline), .sleeper($0)) }
        notes.numbers.append(deadline)
      }
    }
    loop.start {
      await loop.yield()
      #expect(notes.heap.nextDeadline == deadlines.min().map(Int64.init))
      _ = notes.heap.fire(until: 500)
      await loop.yield()
      #expect(notes.numbers == deadlines.filter { $0 <= 500 }.sorted())
      #expect(notes.heap.nextDeadline == deadlines.filter { $0 > 500 }.min().map(Int64.init))
      _ = notes.heap.fire(until: 1000)
      #expect(notes.heap.nextDeadline == nil)
    }
    loop.run()
    #expect(notes.numbers == deadlines.filter { $0 <= 500 }.sorted() + deadlines.filter { $0 > 500 }.sorted())
  }

  @Test("heartbeats come again and again while tasks sleep, until they are stopped")
  func heartbeats() throws {
    let notes = Notes()
    try VirtualClock.run {
      let loop = try EventLoop()
      loop.start {
        let heartbeat = loop.startHeartbeat(every: 1_000_000_000) { notes.numbers.append(1) }
        await loop.sleep(nanoseconds: 60_500_000_000)
        #expect(notes.numbers.count == 60)
        loop.stop(heartbeat)
        await loop.sleep(nanoseconds: 3_600_000_000_000)
      }
      loop.run()
    }
    #expect(notes.numbers.count == 60)
  }

  @Test("another thread wakes a loop that waits for nothing else")
  func crossThreadWake() throws {
    let loop = try EventLoop()
    let notes = Notes()
    let start = monotonicNow()
    loop.start {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        try? Thread.start(stackBytes: 256 * 1024) {
          usleep(20_000)
          continuation.resume()
        }
      }
      notes.numbers.append(1)
      notes.threads.insert(clinux_thread_id())
    }
    loop.run()
    #expect(notes.numbers == [1])
    #expect(notes.threads == [clinux_thread_id()])
    #expect(monotonicNow() - start >= 20_000_000)
  }

  @Test("a descriptor that becomes readable resumes its task")
  func readiness() throws {
    let loop = try EventLoop()
    let notes = Notes()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    loop.start {
      let readiness = loop.register(input)
      for _ in 0..<3 {
        await readiness.readable()
        var byte: UInt8 = 0
        #expect(read(input, &byte, 1) == 1)
        notes.numbers.append(Int(byte))
      }
      readiness.deregister()
    }
    loop.start {
      for number in 1...3 {
        await loop.sleep(nanoseconds: 2_000_000)
        var byte = UInt8(number)
        #expect(write(output, &byte, 1) == 1)
      }
    }
    loop.run()
    close(input)
    close(output)
    #expect(notes.numbers == [1, 2, 3])
  }

  @Test("an event of a descriptor that a library has closed while a copy is open finds its readiness")
  func abandoned() throws {
    let loop = try EventLoop()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    let copy = dup(input)
    loop.start {
      weak var kept: Readiness?
      do {
        let readiness = loop.register(input)
        kept = readiness
        close(input)
        readiness.abandon()
      }
      var byte: UInt8 = 1
      #expect(write(output, &byte, 1) == 1)
      await loop.sleep(nanoseconds: 1_000_000)
      #expect(kept?.takeReady() == true, "the kernel reports the copy")
    }
    loop.run()
    close(copy)
    close(output)
  }

  @Test("a task that waits for a descriptor with nothing else to run lets in what another thread resumes")
  func resumedDuringWait() throws {
    let loop = try EventLoop()
    let notes = Notes()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    loop.start {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        try? Thread.start(stackBytes: 256 * 1024) {
          usleep(20_000)
          continuation.resume()
        }
      }
      notes.numbers.append(1)
      var byte: UInt8 = 1
      #expect(write(output, &byte, 1) == 1)
    }
    loop.start {
      let readiness = loop.register(input)
      await readiness.readable()
      notes.numbers.append(2)
      readiness.deregister()
    }
    loop.run()
    close(input)
    close(output)
    #expect(notes.numbers == [1, 2])
  }

  @Test("an actor shared by two loops runs its calls on their threads, never on the global pool")
  func sharedActor() throws {
    let threads = Exclusive<Set<Int32>>([])
    let meeting = Meeting()
    let loops = [try EventLoop(), try EventLoop()]
    let running = Atomic(loops.count)
    for loop in loops {
      try Thread.start(stackBytes: 512 * 1024) {
        let own = clinux_thread_id()
        threads.withLock { _ = $0.insert(own) }
        loop.start {
          for _ in 0..<5000 {
            await meeting.call()
            if clinux_thread_id() != own { await meeting.noteStray() }
          }
        }
        loop.run()
        running.subtract(1, ordering: .releasing)
      }
    }
    let deadline = monotonicNow() + 30_000_000_000
    while running.load(ordering: .acquiring) > 0 && monotonicNow() < deadline { usleep(1000) }
    let stillRunning = running.load(ordering: .acquiring)
    #expect(stillRunning == 0)
    let (calls, visited, strays) = meeting.notes.withLock { ($0.calls, $0.threads, $0.strays) }
    #expect(calls == 10_000)
    #expect(strays == 0)
    #expect(visited.isSubset(of: threads.withLock { $0 }))
  }

  /// Writes down on which threads its calls run.
  private actor Meeting {
    struct Notes {
      var calls = 0
      var threads: Set<Int32> = []
      var strays = 0
    }
    let notes = Exclusive(Notes())

    func call() {
      notes.withLock {
        $0.calls += 1
        $0.threads.insert(clinux_thread_id())
      }
    }
    func noteStray() { notes.withLock { $0.strays += 1 } }
  }
}
