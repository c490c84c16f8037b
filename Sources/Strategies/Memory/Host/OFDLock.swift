internal import CLinux
@preconcurrency internal import Glibc
public import Model
public import Runtime

/// `host.ofd-lock`: one file, and in it one locked byte per record.
public struct OFDLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one file, and in it one locked byte per record.",
    algorithm: """
      each worker opens the file once; `fcntl(descriptor, F_OFD_SETLKW, ...)` for the byte at the record's number,
      `F_WRLCK`, or `F_RDLCK` for operations that only read; read, decide, write; `F_UNLCK`. The lock belongs to the
      open file description, not to the process as with the older `F_SETLKW`, whose locks go with the first `close` of
      any descriptor of the file and do not exclude threads of one process.
      """,
    guarantees: """
      mutual exclusion between the threads of all processes of one host. The kernel gives the locks of a process that
      dies back when its descriptor closes.
      """,
    doesNotGuarantee: """
      detection of deadlocks, which only `F_SETLKW` has: workers that lock several records in different orders wait for
      each other for ever. Order among those who wait.
      """,
    failureWindow: "none.",
    roundTrips: "0; each lock and unlock is a system call.",
    source: #"Linux `fcntl_locking(2)`, "Open file description locks"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor.hostLock(
    "ofd-lock", "open file description lock on a byte per record", documentation, needs: ["lock-files"])
  private let files: LockFiles

  /// What the workers of a process share: where the file is.
  public struct Configuration: Sendable {
    let folder: LockFolder
  }

  /// Finds the folder.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      folder: try LockFolder(url: environment.endpoint("lock-files"), namespace: environment.namespace))
  }

  /// Opens the file.
  public static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> OFDLock {
    OFDLock(files: try LockFiles(["records"], in: configuration.folder))
  }

  init(files: consuming LockFiles) { self.files = files }

  /// Blocks the thread until the byte is free; a signal interrupts the wait.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    while clinux_lock_byte(files[0], Int16(shared ? F_RDLCK : F_WRLCK), Int64(key)) != 0 && errno == EINTR {}
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    _ = clinux_lock_byte(files[0], Int16(F_UNLCK), Int64(key))
  }
}
