internal import CLinux
@preconcurrency internal import Glibc
internal import Model
public import Runtime

/// A process that we started and that answers our requests, one at a time, in frames of one kind. Its end of the
/// connection is descriptor 3. To be used from one thread.
public final class PartnerProcess<Message: Codable> {
  /// What came of a request.
  public enum Answer {
    /// The partner answered.
    case message(Message)
    /// The partner ended, or closed the connection; how, and the last thing that it wrote to standard error.
    case ended(String)
    /// The user wants to stop.
    case interrupted
    /// The partner took too long.
    case late
  }

  private let process: ChildProcess
  private let socket: FrameSocket<Message>
  private var inbox: [Message] = []

  /// Starts a program.
  ///
  /// - Throws: when there is no such program, or it cannot be started.
  public init(executable: String, arguments: [String]) throws(SystemFailure) {
    var ends: [Int32] = [-1, -1]
    guard clinux_socket_pair(&ends) == 0 else { throw SystemFailure("socketpair") }
    socket = FrameSocket(ends[0])
    defer { close(ends[1]) }
    process = try ChildProcess(executable: executable, arguments: arguments, descriptors: [ends[1]])
  }

  /// Sends a request. That the partner has gone shows in its answer.
  public func send(_ message: Message) { try? socket.send(message) }

  /// Waits for the next answer.
  ///
  /// - Parameters:
  ///   - limit: how long; nil for ever.
  ///   - interruption: a descriptor that is readable when the user wants to stop; -1 for none.
  /// - Throws: when what arrives is no frame of this kind.
  public func answer(within limit: Duration?, interruption: Int32) throws -> Answer {
    let deadline = limit.map { monotonicNow() + $0.nanoseconds }
    while inbox.isEmpty {
      var descriptors = [socket.descriptor, process.errorDescriptor, interruption].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      let left = deadline.map { $0 - monotonicNow() }
      if let left, left <= 0 { return .late }
      _ = clinux_poll_ns(&descriptors, UInt32(descriptors.count), left ?? -1)
      if descriptors[2].revents != 0 { return .interrupted }
      if descriptors[1].revents != 0 { process.readMessages() }
      guard descriptors[0].revents != 0 else { continue }
      guard let messages = try socket.receive() else { return .ended(ending()) }
      inbox += messages
    }
    return .message(inbox.removeFirst())
  }

  /// Gives it a moment to end by itself, then ends it.
  public func end(within milliseconds: Int) {
    process.waitForEnd(milliseconds: milliseconds)
    process.kill()
  }

  private func ending() -> String {
    end(within: 2000)
    let status = process.exitStatus.map { "\($0)" } ?? "unknown status"
    return "ended with \(status)" + (process.lastMessage.map { "; its last message: \($0)" } ?? "")
  }
}
