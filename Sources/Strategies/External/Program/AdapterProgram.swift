internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A running program of the user's with the pipes that lead to it: requests on its descriptor 3, replies on its
/// descriptor 4, everything that it prints into a third.
///
/// It ends with the thread that has started it, at the latest. Whoever has it ends and reaps it.
final class AdapterProgram {
  let id: pid_t
  /// Where requests are written; does not block.
  let requests: Int32
  /// Where replies are read; does not block.
  let replies: Int32
  /// Where what it prints is read; does not block.
  let output: Int32
  /// By which the processes that it starts are known.
  let marker: String
  /// As waitpid(2) tells it; nil as long as it runs.
  private(set) var status: Int32?

  /// Starts a program. Its environment is ours, and says that it is an adapter.
  ///
  /// - Throws: when it cannot be started, with a remedy.
  init(_ settings: AdapterSettings) throws(SetupFailure) {
    var pipes: [(reading: Int32, writing: Int32)] = []
    for _ in 0..<3 {
      var ends: [Int32] = [-1, -1]
      guard clinux_pipe(&ends) == 0 else {
        let failure = SystemFailure("pipe2")
        for pipe in pipes { _ = (Glibc.close(pipe.reading), Glibc.close(pipe.writing)) }
        throw SetupFailure("\(failure)")
      }
      pipes.append((ends[0], ends[1]))
    }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    marker = "\(getpid())-\(monotonicNow())"
    let process = Self.spawn(
      settings, environment: ["CONTEND_ADAPTER=1", "\(Leftovers.variable)=\(marker)"], input: null,
      output: pipes[2].writing, requests: pipes[0].reading, replies: pipes[1].writing)
    let reason = errno
    for descriptor in [null, pipes[0].reading, pipes[1].writing, pipes[2].writing] { Glibc.close(descriptor) }
    (requests, replies, output) = (pipes[0].writing, pipes[1].reading, pipes[2].reading)
    id = process
    for descriptor in [requests, replies, output] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
    guard process > 0 else { throw SetupFailure(Self.explanation(of: reason, settings)) }
  }

  deinit {
    kill()
    for descriptor in [requests, replies, output] { Glibc.close(descriptor) }
  }

  private static func spawn(
    _ settings: AdapterSettings, environment: [String], input: Int32, output: Int32, requests: Int32, replies: Int32
  ) -> pid_t {
    var arguments: [UnsafeMutablePointer<CChar>?] = settings.command.map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
    defer { for pointer in arguments + variables { free(pointer) } }
    var all = variables
    var inherited = environ
    while let variable = inherited.pointee {
      if strncmp(variable, "CONTEND_ADAPTER", 15) != 0 { all.append(variable) }
      inherited += 1
    }
    all.append(nil)
    return settings.program.withCString { path in
      arguments.withUnsafeMutableBufferPointer { arguments in
        all.withUnsafeMutableBufferPointer { all in
          var child = clinux_child()
          child.path = path
          child.arguments = arguments.baseAddress.map { UnsafePointer($0) }
          child.environment = all.baseAddress.map { UnsafePointer($0) }
          (child.input, child.output, child.error) = (input, output, output)
          (child.third, child.fourth) = (requests, replies)
          child.death_signal = SIGKILL
          child.new_session = -1
          return clinux_spawn(&child)
        }
      }
    }
  }

  private static func explanation(of reason: Int32, _ settings: AdapterSettings) -> String {
    let hint =
      switch reason {
      case ENOEXEC: "; it is no program, and its first line does not name one (#!/usr/bin/env python3)"
      case ENOENT: "; it is not there, or the program that its first line names is not"
      case EACCES: "; make it executable: chmod +x"
      default: ""
      }
    return "cannot start \(settings.program): \(String(cString: strerror(reason)))\(hint)"
  }

  /// Whether it has ended; reaps it.
  func hasEnded() -> Bool {
    if status != nil { return true }
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return false }
    self.status = status
    return true
  }

  /// Gives it a moment to end, and blocks meanwhile.
  func waitForEnd(milliseconds: Int) {
    var left = milliseconds
    while !hasEnded() && left > 0 {
      usleep(1000)
      left -= 1
    }
  }

  /// Sends a signal; does nothing when it has ended.
  func signal(_ number: Int32) {
    if !hasEnded() { _ = Glibc.kill(id, number) }
  }

  /// Ends it at once and reaps it; does nothing when it has ended.
  func kill() {
    guard id > 0, !hasEnded() else { return }
    _ = Glibc.kill(id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    self.status = status
  }

  /// How it ended, in words; nil as long as it runs.
  var ending: String? {
    status.map { status in
      let signal = status & 0x7f
      return signal == 0
        ? "exit status \((status >> 8) & 0xff)" : "signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }

  /// Takes what it has printed; false when it has closed its output.
  func readOutput(into tail: inout OutputTail) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { buffer in
      while true {
        let count = read(output, buffer.baseAddress, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        tail.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }
}
