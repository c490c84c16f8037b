internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// A process that we started, with the reading end of its standard error. Only ended by its own id, and always reaped.
final class ChildProcess {
  let id: pid_t
  /// Non-blocking; -1 after the end of file.
  private(set) var errorDescriptor: Int32
  private(set) var exitStatus: ExitStatus?
  private var messages = ""
  /// Whether it leads a process group: what it starts is stopped, continued and ended with it.
  private let leadsGroup: Bool

  enum ExitStatus: CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    var description: String {
      switch self {
      case .exited(let code): "exit status \(code)"
      case .signalled(let signal): "signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    }
  }

  /// Starts an executable. `descriptors` become 3, 4, ... in the child; nothing else is inherited but standard input and
  /// output.
  ///
  /// - Parameter leadsGroup: whether what it starts is to share its fate.
  init(
    executable: String, arguments: [String], descriptors: [Int32], leadsGroup: Bool = false
  ) throws(SystemFailure) {
    var pipe: [Int32] = [-1, -1]
    guard clinux_pipe(&pipe) == 0 else { throw SystemFailure("pipe2") }
    _ = fcntl(pipe[0], F_SETFL, O_NONBLOCK)
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      close(pipe[1])
    }
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
    // Moved out of the way first: a descriptor that happens to be 3 or 4 here would be overwritten by the one before it.
    let moved = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 64) }
    defer { for descriptor in moved { close(descriptor) } }
    for (index, descriptor) in moved.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(3 + index))
    }
    // Some client libraries open descriptors that programs inherit.
    clinux_close_from(&actions, Int32(3 + moved.count))
    var nothing = sigset_t()
    sigemptyset(&nothing)
    posix_spawnattr_setsigmask(&attributes, &nothing)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | (leadsGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0))
    var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var id = pid_t()
    let status = posix_spawn(&id, executable, &actions, &attributes, &argv, environ)
    guard status == 0 else {
      close(pipe[0])
      errno = status
      throw SystemFailure("start \(executable)")
    }
    self.id = id
    self.leadsGroup = leadsGroup
    errorDescriptor = pipe[0]
  }

  deinit {
    kill()
    if errorDescriptor >= 0 { close(errorDescriptor) }
  }

  /// Takes what has arrived on standard error.
  func readMessages() {
    guard errorDescriptor >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(errorDescriptor, &buffer, buffer.count)
      if count <= 0 {
        if count == 0 || (errno != EAGAIN && errno != EINTR) {
          close(errorDescriptor)
          errorDescriptor = -1
        }
        return
      }
      messages += String(decoding: buffer[..<count], as: UTF8.self)
      if messages.utf8.count > 16384 { messages = String(messages.suffix(8192)) }
    }
  }

  /// The last line that the process wrote to standard error; nil when it wrote nothing.
  var lastMessage: String? {
    messages.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
  }

  /// Whether it has ended; reaps it.
  func hasEnded() -> Bool {
    if exitStatus != nil { return true }
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return false }
    record(status)
    return true
  }

  /// Sends a signal; does nothing when it has ended.
  func signal(_ number: Int32) {
    if !hasEnded() { _ = Glibc.kill(address, number) }
  }

  /// Stops it, as SIGSTOP does, and waits until it stands; false when it has ended.
  func stop() -> Bool {
    signal(SIGSTOP)
    guard exitStatus == nil else { return false }
    var status: Int32 = 0
    while waitpid(id, &status, WUNTRACED) < 0 {
      guard errno == EINTR else { return false }
    }
    if status & 0xff == 0x7f { return true }
    record(status)
    return false
  }

  /// Gives it a moment to end by itself.
  func waitForEnd(milliseconds: Int) {
    var left = milliseconds
    while !hasEnded() && left > 0 {
      usleep(1000)
      left -= 1
    }
  }

  /// Ends it at once and reaps it; does nothing when it has ended.
  func kill() {
    guard !hasEnded() else { return }
    _ = Glibc.kill(address, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    record(status)
  }

  /// Whom signals go to: the process, or its group.
  private var address: pid_t { leadsGroup ? -id : id }

  private func record(_ status: Int32) {
    // What it has started and left behind.
    if leadsGroup { _ = Glibc.kill(-id, SIGKILL) }
    let signal = status & 0x7f
    exitStatus = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    readMessages()
  }
}
