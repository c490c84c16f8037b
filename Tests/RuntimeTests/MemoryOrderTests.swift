import Glibc
import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport

/// What a lock protects is seen by its next holder. ThreadSanitizer decides: `scripts/test` runs these tests under it,
/// and anywhere else they only show that nothing is lost.
@Suite(.serialized)
struct MemoryOrderTests {
  /// What orders the holders of the others is out of its sight: the kernel, which knows locks on files, and a library of
  /// Swift that is built without it.
  private static let locks =
    (MemoryLocks().locks(OverRecords(PlainRecords.self, "plain"))
    + HostLocks().locks(OverRecords(PlainRecords.self, "plain")))
    .filter { !["host.flock", "host.ofd-lock", "memory.swift-mutex"].contains($0.descriptor.id) }

  @Test("a lock orders plain memory", arguments: locks.map(\.descriptor.id))
  func ordered(id: String) throws {
    let entry = try #require(Self.locks.first { $0.descriptor.id == id })
    for kind in ["counter", "transfer"] {
      let outcome = try Trial(inMemory: entry, kind, keys: 2).run()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }
  }

  /// The control: without it, a build in which nothing is watched would pass as well.
  @Test("a race is found where ThreadSanitizer is built in") func control() async throws {
    // 66 is how it ends a program in which it has found a race.
    let isWatched = dlsym(nil, "__tsan_init") != nil
    await #expect(processExitsWith: isWatched ? .exitCode(66) : .success) {
      let entry = StrategyEntry(OpenLock.descriptor, Locked<OpenLock, PlainRecords>.self)
      _ = try Trial(inMemory: entry).run()
    }
  }
}
