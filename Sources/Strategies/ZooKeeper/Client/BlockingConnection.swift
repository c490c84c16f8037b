#if ZooKeeper
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A session for the driver, which blocks.
final class BlockingConnection: DriverSession {
  private let handle: Handle
  private let hosts: String
  private let rootNode: String
  /// How long to wait for a connection, or an answer, in nanoseconds.
  private static let patience: Int64 = 10_000_000_000

  init(_ configuration: ZooKeeperConfiguration) throws(SetupFailure) {
    hosts = configuration.hosts
    rootNode = configuration.rootNode
    guard let made = Handle(hosts: hosts, timeoutMilliseconds: configuration.sessionMilliseconds) else {
      throw SetupFailure("cannot find the ZooKeeper server \(hosts): is its name right?")
    }
    handle = made
    wait { made.isConnected || made.isOver }
    guard made.isConnected else {
      throw SetupFailure("cannot reach ZooKeeper at \(hosts): is it running there?")
    }
  }

  /// Whether the session is known to have expired.
  var isLost: Bool { handle.isOver }

  /// Nobody keeps the session alive while a trial runs, and whether it has expired is only said when it is used.
  func isAnswered() -> Bool {
    do throws(SetupFailure) {
      try ask(besides: .noNode) { $0.children(rootNode) }
      return true
    } catch {
      return false
    }
  }

  /// Sends a request and waits for its answer. When the driver was busy for long and the server has cut the connection,
  /// the request is sent again: all of the driver's can be repeated.
  ///
  /// - Parameter besides: a code that is as good as success.
  @discardableResult
  func ask(
    besides allowed: ResultCode = .success, _ request: (Handle) -> Void
  ) throws(SetupFailure) -> Handle.Answer {
    let deadline = monotonicNow() &+ Self.patience
    while true {
      request(handle)
      wait { handle.isAnswered }
      let code = handle.answer.code
      if handle.isAnswered && (code == .success || code == allowed) { return handle.answer }
      guard code.breaksSession, !handle.isOver, monotonicNow() < deadline else {
        throw SetupFailure("ZooKeeper at \(hosts): \(handle.isAnswered ? code.text : "no answer")")
      }
      wait { handle.isConnected || handle.isOver }
    }
  }

  private func wait(until isDone: () -> Bool) {
    let deadline = monotonicNow() &+ Self.patience
    while !isDone(), monotonicNow() < deadline {
      let interest = handle.interest()
      let milliseconds = Int32(clamping: min(interest.nanoseconds, deadline &- monotonicNow()) / 1_000_000)
      guard let descriptor = interest.descriptor else {
        usleep(1000)
        continue
      }
      let events = interest.wantsToWrite ? Int16(POLLIN | POLLOUT) : Int16(POLLIN)
      var polled = pollfd(fd: descriptor, events: events, revents: 0)
      if poll(&polled, 1, max(1, milliseconds)) > 0 {
        handle.process(writable: Int32(polled.revents) & (POLLOUT | POLLERR | POLLHUP) != 0)
      }
    }
  }
}
#endif
