internal import CLinux
@preconcurrency internal import Glibc

/// Ctrl-C and its like as something to wait for: the signals are blocked and arrive on a descriptor, so that a run can
/// end its trial, keep what was finished, and clean up.
public enum Interruption {
  /// Blocks SIGINT, SIGTERM and SIGHUP for this process and returns the descriptor on which they arrive; -1 when the
  /// kernel has none, and then they end the process as usual.
  public static func descriptor() -> Int32 {
    var signals = Self.signals
    let descriptor = signalfd(-1, &signals, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    if descriptor >= 0 { sigprocmask(SIG_BLOCK, &signals, nil) }
    return descriptor
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    return signals
  }

  /// Lets the signals end this process at once, also when whoever started it had blocked them: for work that leaves
  /// nothing behind.
  public static func unblock() {
    var signals = Self.signals
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}
