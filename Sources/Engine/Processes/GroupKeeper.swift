internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// Sees to it that nothing outlives this process that it has started, whatever ends it: a process of its own in the same
/// process group waits for the end of a pipe and then ends the group.
enum GroupKeeper {
  /// Starts it. Does nothing where this process leads no group: others are in it.
  static func start() throws(SystemFailure) {
    guard getpgrp() == getpid() else { return }
    var ends: [Int32] = [-1, -1]
    guard clinux_pipe(&ends) == 0 else { throw SystemFailure("pipe2") }
    defer { close(ends[0]) }
    // The other end stays open as long as this process lives.
    guard clinux_keep_group(ends[0]) > 0 else { throw SystemFailure("fork") }
  }
}
