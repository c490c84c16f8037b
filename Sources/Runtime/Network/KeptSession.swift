internal import CLinux
@preconcurrency internal import Glibc
public import Model

/// A session of the driver with a server, which blocks.
public protocol DriverSession: AnyObject {
  /// Whether it is known to be of no more use, without asking the server.
  var isLost: Bool { get }
  /// Asks the server for something that changes nothing and is not counted as a worker's; says whether it answered.
  func isAnswered() -> Bool
}

/// The session of a store's administration: opened when it is first needed, and anew when it has been lost.
///
/// Trials take longer than many a server keeps an idle session (`idle_session_timeout`, `wait_timeout`, `timeout`, the
/// session of ZooKeeper), so one that was idle is asked for a sign of life before it is used: a statement may follow that
/// must not be sent twice. A statement during which the session is lost fails, and
/// the next one gets another session; whoever called decides whether what was lost can be repeated.
public final class KeptSession<Session: DriverSession> {
  private let open: () throws(SetupFailure) -> Session
  private var session: Session?
  private var takenAt: Int64 = 0

  /// A session that was used so short a time ago, in nanoseconds, is taken for alive.
  private static var trust: Int64 { 100_000_000 }

  /// Opens nothing yet.
  ///
  /// - Parameter open: makes a session with all its settings.
  public init(open: @escaping () throws(SetupFailure) -> Session) { self.open = open }

  /// The session.
  ///
  /// - Parameter isReplaced: called with one that was lost, before another is opened.
  /// - Throws: when none can be opened.
  public func current(replacing isReplaced: (Session) -> Void = { _ in }) throws(SetupFailure) -> Session {
    defer { takenAt = monotonicNow() }
    if let session {
      if !session.isLost && (monotonicNow() - takenAt < Self.trust || session.isAnswered()) { return session }
      isReplaced(session)
    }
    // Ended first, for a server may allow us just one.
    session = nil
    let made = try open()
    session = made
    return made
  }

  /// Ends the session; the next use opens another.
  ///
  /// - Returns: the one that is ended; nil when there was none.
  @discardableResult
  public func end() -> Session? {
    defer { session = nil }
    return session
  }
}

/// Whether the other side has ended a connection, or it was broken: what is sent now reaches nobody.
///
/// - Parameter descriptor: a connected socket.
public func hasPeerEnded(_ descriptor: Int32) -> Bool {
  // POLLRDHUP, which is not imported.
  let ends = Int16(EPOLLRDHUP.rawValue) | Int16(POLLHUP) | Int16(POLLERR)
  var polled = pollfd(fd: descriptor, events: ends, revents: 0)
  return poll(&polled, 1, 0) > 0 && polled.revents & ends != 0
}
