@preconcurrency internal import Glibc
internal import Runtime

/// Adapters that this program is itself: `contend adapter run NAME`. They are controls, examples and a floor.
public enum BuiltInAdapter: String, CaseIterable, Sendable {
  /// Answers at once: what a request costs at least.
  case floor
  /// A lock that keeps everybody else of this host out, and ends with its process.
  case exclusive
  /// Grants everything to everybody: a control that must be caught.
  case grantAll = "grant-all"
  /// The same as `exclusive`, but for about one grant in a hundred the lock is held: a control that must be caught.
  case leaky
  /// Never answers what operations ask: a control that must not hang a run.
  case deaf

  /// One line for users.
  public var summary: String {
    switch self {
    case .floor: "answers at once: what a request costs at least"
    case .exclusive: "a lock that keeps everybody else of this host out"
    case .grantAll: "grants everything to everybody, and must be caught"
    case .leaky: "a lock of which about one grant in a hundred is false, and must be caught"
    case .deaf: "never answers when a lock is asked for, and must not hang a run"
    }
  }

  /// Serves requests on descriptor 3 until it is told to end, or nobody asks any more; returns the exit status.
  public func run() -> Int32 {
    guard fcntl(3, F_GETFD) >= 0, fcntl(4, F_GETFD) >= 0 else {
      fputs(
        "this is an adapter: contend starts it, with requests on descriptor 3 and replies on descriptor 4\n", stderr)
      return 64
    }
    if self == .deaf { signal(SIGQUIT, SIG_IGN) }
    var server = AdapterServer(self)
    return server.run()
  }
}
