import Foundation
import Glibc
import Model
import Runtime
import Testing
import TrialSupport

@testable import MemoryStrategies

/// Locks of the host: what they do between sessions of one process, and when a holder dies. Several processes have them
/// in the conformance tests.
@Suite(.serialized)
struct HostLockTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-locks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.absoluteString.trimmingCharacters(in: CharacterSet(charactersIn: "/")))
  }

  private func makeMemory() throws -> TrialMemory {
    try TrialMemory(
      TrialLayout(
        records: 3, threads: 1, workers: 1, ringLength: 2, stepsPerOperation: 1, comparesValues: false))
  }

  private func environment(_ memory: TrialMemory, folder: String = "") -> StrategyEnvironment {
    StrategyEnvironment(
      options: Options([]), records: memory.records, workers: 1, endpoints: ["lock-files": folder], namespace: "test")
  }

  /// Runs a body on a thread that has ended when this returns.
  private func onDyingThread(_ body: @escaping @Sendable () -> Void) {
    let hasEnded = DispatchSemaphore(value: 0)
    let thread = Thread {
      body()
      hasEnded.signal()
    }
    thread.start()
    hasEnded.wait()
    while !thread.isFinished { usleep(100) }
  }

  @Test("no lock of the host loses anything", arguments: HostRegistry.strategies.map(\.descriptor.id))
  func correct(id: String) throws {
    let entry = try #require(HostRegistry.strategies.first { $0.descriptor.id == id })
    try withFolder { folder in
      let workloads: [(String, Int, [String: OptionValue])] = [
        ("counter", 1, [:]), ("transfer", 4, [:]), ("profile", 2, ["fields": .integer(4), "reads": .number(0.5)]),
      ]
      for (kind, keys, options) in workloads {
        var trial = Trial(inMemory: entry, kind, keys: keys, options)
        trial.servers = [
          TrialServer("lock-files", url: folder) { try HostRegistry.administration(url: folder, namespace: $0) }
        ]
        try trial.run().expectProtection(started: 20_000)
      }
      let path = try #require(URL(string: folder)).path
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }
  }

  @Test("a robust mutex comes back from a thread that died with it")
  func robust() throws {
    let memory = try makeMemory()
    defer { withExtendedLifetime(memory) {} }
    let mutexes = try RobustMutexLock.configure(environment(memory))
    for _ in 0..<3 {
      onDyingThread {
        var dying = RobustMutexLock(mutexes: mutexes)
        dying.acquire(1, shared: false)
      }
      // The next one holds it, others wait for that one and not for the dead.
      var next = RobustMutexLock(mutexes: mutexes)
      next.acquire(1, shared: false)
      let isFree = pthread_mutex_trylock(mutexes[1]) == 0
      #expect(!isFree)
      next.release(1, shared: false)
    }
    #expect(pthread_mutex_trylock(mutexes[1]) == 0)
    pthread_mutex_unlock(mutexes[1])
  }

  @Test("the permit of a semaphore is gone with the thread that took it")
  func semaphore() throws {
    let memory = try makeMemory()
    defer { withExtendedLifetime(memory) {} }
    let semaphores = try SharedSemaphoreLock.configure(environment(memory))
    onDyingThread {
      var dying = SharedSemaphoreLock(semaphores: semaphores)
      dying.acquire(1, shared: false)
    }
    #expect(sem_trywait(semaphores[1]) == -1)
    #expect(sem_trywait(semaphores[2]) == 0)
  }

  @Test("locks are made once, however many processes make them")
  func madeOnce() throws {
    let memory = try makeMemory()
    defer { withExtendedLifetime(memory) {} }
    let first = try RobustMutexLock.configure(environment(memory))
    pthread_mutex_lock(first[0])
    // Made again, it would be free.
    let second = try RobustMutexLock.configure(environment(memory))
    #expect(pthread_mutex_trylock(second[0]) == EBUSY)
    pthread_mutex_unlock(second[0])
    #expect(pthread_mutex_trylock(first[0]) == 0)
    pthread_mutex_unlock(first[0])
  }

  @Test("locks of files exclude each other, can be shared, and end with their descriptor")
  func files() throws {
    try withFolder { url in
      let folder = try LockFolder(url: url, namespace: "test")
      let administration = try HostRegistry.administration(url: url, namespace: "test")
      try administration.prepare(values: [])
      do {
        var holder = FlockLock(files: try LockFiles(["a", "b"], in: folder))
        let other = try LockFiles(["a", "b"], in: folder)
        holder.acquire(0, shared: false)
        #expect(flock(other[0], LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
        #expect(flock(other[1], LOCK_EX | LOCK_NB) == 0)
        holder.release(0, shared: false)
        holder.acquire(0, shared: true)
        #expect(flock(other[0], LOCK_EX | LOCK_NB) == -1)
        #expect(flock(other[0], LOCK_SH | LOCK_NB) == 0)
      }
      let fresh = try LockFiles(["a"], in: folder)
      #expect(flock(fresh[0], LOCK_EX | LOCK_NB) == 0, "the session above has closed its files")
      try administration.remove()
    }
  }

  @Test("an address that is no folder is refused")
  func address() throws {
    #expect(throws: SetupFailure.self) { try LockFolder(url: "redis://host", namespace: "test") }
    let administration = try HostRegistry.administration(url: "file:///nowhere/at/all", namespace: "test")
    #expect(throws: SetupFailure.self) { try administration.prepare(values: []) }
    try administration.remove()
  }

  @Test("an exchange that pauses after failures loses nothing")
  func backoff() throws {
    let entry = try #require(MemoryRegistry.strategies.first { $0.descriptor.id == "memory.cas" })
    for kind in ["counter", "stock", "seats"] {
      var trial = Trial(inMemory: entry, kind, keys: 2)
      trial.options = ["backoff": .flag(true)]
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }
  }
}
