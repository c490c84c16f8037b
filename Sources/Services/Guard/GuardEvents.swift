internal import CLinux
internal import Glibc

/// What a guard waits for: the end of its driver and the end of children.
struct GuardEvents {
  /// The driver has closed its end of the pipe.
  private(set) var driverIsGone = false
  /// How children ended that were waited for, by process id; the status of waitpid(2).
  private(set) var ended: [pid_t: CInt] = [:]
  /// What the driver has asked for and nobody has done yet.
  private var requests: [GuardRequest] = []
  private let childSignals: Descriptor
  /// Tells of new files in the folder of shared memory; nil when nobody asks.
  private var newMemory: Descriptor?

  /// From now on orphans of our children become our children, and the end of a child wakes ``wait(until:)``.
  init() throws(ServiceFailure) {
    var childEnded = sigset_t()
    sigemptyset(&childEnded)
    sigaddset(&childEnded, SIGCHLD)
    sigprocmask(SIG_BLOCK, &childEnded, nil)
    childSignals = Descriptor(owning: signalfd(-1, &childEnded, CInt(SFD_CLOEXEC | SFD_NONBLOCK)))
    guard childSignals.number >= 0, clinux_become_subreaper() == 0 else {
      throw ServiceFailure("cannot watch a server: \(systemErrorText())")
    }
  }

  /// Whether ``wait(until:)`` also wakes when some process on this machine takes shared memory.
  var watchesSharedMemory: Bool {
    get { newMemory != nil }
    set {
      newMemory = newValue ? Descriptor(owning: inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))) : nil
      // Where it cannot be watched, memory of a server that somebody kills while it starts is not found.
      if let newMemory { inotify_add_watch(newMemory.number, SharedMemory.folder, UInt32(IN_CREATE)) }
    }
  }

  /// Whether some process has taken shared memory since the last call.
  func sharedMemoryWasTaken() -> Bool {
    guard let newMemory else { return false }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isNews = false
    while read(newMemory.number, &buffer, buffer.count) > 0 { isNews = true }
    return isNews
  }

  /// Waits until something happens, or until `deadline`; nil for without end.
  mutating func wait(until deadline: ContinuousClock.Instant?) {
    var entries = [
      pollfd(fd: childSignals.number, events: Int16(POLLIN), revents: 0),
      // A negative descriptor is passed over.
      pollfd(fd: driverIsGone ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: newMemory?.number ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    _ = retryingInterrupted { poll(&entries, 3, deadline.map(millisecondsLeft(until:)) ?? -1) }
    if entries[0].revents != 0 { reap() }
    if entries[1].revents != 0 { readFromDriver() }
  }

  /// Takes note of every child that has ended.
  private mutating func reap() {
    var signal = signalfd_siginfo()
    while read(childSignals.number, &signal, MemoryLayout<signalfd_siginfo>.size) > 0 {}
    var status: CInt = 0
    while true {
      let process = waitpid(-1, &status, WNOHANG)
      guard process > 0 else { return }
      ended[process] = status
    }
  }

  private mutating func readFromDriver() {
    var buffer = [UInt8](repeating: 0, count: 512)
    let length = retryingInterrupted { read(STDIN_FILENO, &buffer, buffer.count) }
    if length <= 0 { driverIsGone = true }
    // Each was written at once, and there is room for whole ones.
    for start in stride(from: 0, to: length, by: 2) {
      if let request = GuardRequest(buffer[start..<min(start + 2, length)]) { requests.append(request) }
    }
  }

  /// The next thing that the driver has asked for; nil for nothing.
  mutating func nextRequest() -> GuardRequest? { requests.isEmpty ? nil : requests.removeFirst() }
}
