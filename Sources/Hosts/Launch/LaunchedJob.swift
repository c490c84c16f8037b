internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// A command that was started, in a process group of its own: `srun`, `mpirun` or `ssh`, with the last lines of what it
/// says. Its exit status is no evidence of anything: engines report 0 after a host has failed.
///
/// Used by one thread at a time. The thread that starts it must live as long as the program, the main thread best: when
/// that ends, even by SIGKILL, the kernel sends SIGTERM to the command, and engines end what they have started.
public final class LaunchedJob {
  /// The process id, and the number of the process group.
  public let id: Int32
  /// Readable when ``readMessages()`` has something; -1 once all has been read.
  public private(set) var descriptor: Int32
  /// The exit code of the command, or 128 and the signal that ended it; nil while it runs.
  public private(set) var exitStatus: Int32?
  private var messages: MessageTail
  private var isReaped = false

  /// Starts the command.
  ///
  /// - Throws: when the program is not there or cannot be run.
  public init(_ command: LaunchCommand) throws(HostFailure) {
    let name = command.arguments.first ?? ""
    let path = try ProgramSearch.find(name)
    messages = MessageTail(secrets: command.secrets)
    var output: [Int32] = [-1, -1]
    guard clinux_pipe(&output) == 0 else { throw HostFailure(.unavailable, "cannot open a pipe: \(systemErrorText())") }
    defer { close(output[1]) }
    var input: Int32 = -1
    defer { if input >= 0 { close(input) } }
    do throws(HostFailure) {
      input = try Self.provide(command.input)
    } catch {
      close(output[0])
      throw error
    }
    id = Self.start(path, command, input: input, output: output[1])
    descriptor = output[0]
    guard id > 0 else {
      let reason = systemErrorText()
      close(descriptor)
      descriptor = -1
      isReaped = true
      throw HostFailure(.unavailable, "cannot run \(path): \(reason)")
    }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { end() }

  /// A descriptor from which a program reads these bytes and then the end of file.
  private static func provide(_ bytes: [UInt8]) throws(HostFailure) -> Int32 {
    if bytes.isEmpty { return open("/dev/null", O_RDONLY | O_CLOEXEC) }
    var ends: [Int32] = [-1, -1]
    // A pipe holds 64 KiB, of a user with very many at least one page.
    guard bytes.count <= 4096, clinux_pipe(&ends) == 0 else {
      throw HostFailure(.unavailable, "cannot hand \(bytes.count) bytes to a command: \(systemErrorText())")
    }
    defer { close(ends[1]) }
    guard write(ends[1], bytes, bytes.count) == bytes.count else {
      close(ends[0])
      throw HostFailure(.unavailable, "cannot hand \(bytes.count) bytes to a command: \(systemErrorText())")
    }
    return ends[0]
  }

  private static func start(_ path: String, _ command: LaunchCommand, input: Int32, output: Int32) -> Int32 {
    let variables = ProgramSearch.environment(with: command.environment)
    return withCStrings(command.arguments) { arguments in
      withCStrings(variables) { variables in
        path.withCString { path in
          var child = clinux_child(
            path: path, arguments: arguments, environment: variables, directory: nil, input: input, output: output,
            error: output, third: -1, fourth: -1, death_signal: SIGTERM, new_session: 0)
          return clinux_spawn(&child)
        }
      }
    }
  }

  /// Takes what the command has said since the last time, without waiting.
  public func readMessages() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Whoever never stops talking must not keep us.
    for _ in 0..<64 where descriptor >= 0 {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { return }
      guard count > 0 else {
        close(descriptor)
        descriptor = -1
        return
      }
      messages.append(buffer[..<count])
    }
  }

  /// The last lines that were read, at most 40, without the token.
  public var lastLines: [String] { messages.lines }

  /// Whether the command has ended, without waiting. What it has started may still run.
  public func hasEnded() -> Bool {
    if exitStatus != nil { return true }
    var status: Int32 = 0
    switch clinux_has_ended(id, &status) {
    case 0: return false
    case 1: exitStatus = status
    // Somebody else has waited for it.
    default:
      exitStatus = -1
      isReaped = true
    }
    return true
  }

  /// Ends the command and all of its group: SIGTERM to the command, upon which engines end what they have started on other
  /// hosts; SIGKILL to the group when it has ended, or after 3 s. Waits meanwhile; later calls do nothing.
  public func end() {
    guard !isReaped else { return }
    if !hasEnded() {
      kill(id, SIGTERM)
      // A stopped process hears nothing else.
      kill(id, SIGCONT)
    }
    let limit = monotonicNow() + 3_000_000_000
    while !hasEnded(), monotonicNow() < limit {
      readMessages()
      usleep(5000)
    }
    readMessages()
    guard !isReaped else { return }
    // Its number is taken until it is waited for, so the group is ours.
    kill(-id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    if exitStatus == nil { exitStatus = (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F) }
    isReaped = true
    readMessages()
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}

/// Lends an array of C strings that ends with NULL.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { buffer in
    // An array with at least the terminating NULL always has a base address.
    body(buffer.baseAddress.unsafelyUnwrapped)
  }
}
