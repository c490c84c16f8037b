internal import CLinux
@preconcurrency internal import Glibc

/// Ctrl-C and its like as something to wait for: the signals are blocked and arrive on a descriptor, so that a run can
/// end its trial, keep what was finished, and clean up.
public enum Interruption {
  /// Blocks SIGINT, SIGTERM and SIGHUP for this process and returns the descriptor on which they arrive; -1 when the
  /// kernel has none, and then they end the process as usual.
  public static func descriptor() -> Int32 {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    let descriptor = signalfd(-1, &signals, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    if descriptor >= 0 { sigprocmask(SIG_BLOCK, &signals, nil) }
    return descriptor
  }
}
