@preconcurrency internal import Glibc
public import Model
public import Runtime

/// `host.flock`: one file per record, locked as a whole.
public struct FlockLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one file per record, locked as a whole.",
    algorithm: """
      each worker opens the file of each record once; `flock(descriptor, LOCK_EX)`, `LOCK_SH` for operations that only
      read; read, decide, write; `flock(descriptor, LOCK_UN)`. The lock belongs to the open file description: each
      worker has its own, so threads of one process exclude each other too. The files lie in a folder of the run and are
      never removed while it lasts, so nobody locks a file that is not there any more.
      """,
    guarantees: """
      mutual exclusion between the threads of all processes of one host. The kernel gives the locks of a process that
      dies back when its descriptors close.
      """,
    doesNotGuarantee: """
      anything to processes that inherit the descriptor over `fork`: they share the lock. Detection of deadlocks:
      workers that lock several records in different orders wait for each other for ever. Order among those who wait.
      The same over NFS.
      """,
    failureWindow: "none.",
    roundTrips: "0; each lock and unlock is a system call.",
    source: "Linux `flock(2)`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.hostLock(
    "flock", "flock(2) on a file per record", documentation, needs: ["lock-files"])
  private let files: LockFiles

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let folder: LockFolder
    let names: [String]
  }

  /// Finds the folder.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      folder: try LockFolder(url: environment.endpoint("lock-files"), namespace: environment.namespace),
      names: (0..<environment.records.count).map { "record-\($0)" })
  }

  /// Opens the files.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) throws(SetupFailure) -> FlockLock {
    FlockLock(files: try LockFiles(configuration.names, in: configuration.folder))
  }

  init(files: consuming LockFiles) { self.files = files }

  /// Blocks the thread until the lock is free; a signal interrupts the wait.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    while flock(files[Int(key)], shared ? LOCK_SH : LOCK_EX) != 0 && errno == EINTR {}
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    flock(files[Int(key)], LOCK_UN)
  }
}
