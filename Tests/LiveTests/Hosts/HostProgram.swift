import Glibc
import Model

@testable import Engine

/// A program that a test has started and whose end it waits for. Not Foundation's `Process`, which may see an end only
/// when everything has ended that was started at the same time.
final class HostProgram {
  private let child: ChildProcess

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - environment: further variables.
  ///   - log: the file that takes what it prints.
  init(_ command: [String], environment: [String: String] = [:], log: String = "/dev/null") throws {
    let variables = environment.map { "\($0.key)=\($0.value)" }
    child = try ChildProcess(
      executable: "/bin/sh",
      arguments: ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, "env"] + variables + command,
      descriptors: [])
  }

  var id: pid_t { child.id }
  var isRunning: Bool { !child.hasEnded() }

  /// Its exit status, or 128 and the signal that ended it; -1 while it runs.
  var status: Int32 {
    guard child.hasEnded() else { return -1 }
    switch child.exitStatus {
    case .exited(let status): return status
    case .signalled(let signal): return 128 + signal
    case nil: return -1
    }
  }

  func signal(_ number: Int32) { child.signal(number) }

  /// Waits for its end; its status.
  @discardableResult
  func wait(atMost seconds: Int = 60) throws -> Int32 {
    try waitUntil("a program has ended", pause: 5000, atMost: seconds) { !isRunning }
    return status
  }

  /// Asks it to end, and ends it.
  func end() {
    child.signal(SIGTERM)
    child.waitForEnd(milliseconds: 5000)
    child.kill()
  }
}
