internal import FoundationEssentials
@preconcurrency internal import Glibc
internal import Model
public import Runtime

/// The messages between the driver and a worker process.
///
/// A frame is a 32-bit little-endian length, then that many bytes of JSON with one key, the name of the message. The
/// worker speaks first and names its protocol version. Nothing depends on both sides being on one host except the memory
/// file, which a worker inherits; a worker started elsewhere would send its evidence in a frame of its own.
public enum Frame: Sendable, Codable {
  /// Worker: I am here, and this is the protocol that I speak.
  case hello(version: Int)
  /// Driver: what to do.
  case assignment(Assignment)
  /// Worker: every session is open.
  case ready
  /// Worker: a session could not be opened, or the assignment could not be followed.
  case refused(message: String)
  /// Driver: start at this moment of CLOCK_MONOTONIC; the measured window opens, or has opened, at that one.
  case start(moment: Int64, opening: Int64)
  /// Driver: stop now.
  case stop
  /// Worker: all is over; when the measured window opened and closed, in nanoseconds of CLOCK_MONOTONIC.
  case finished(windowOpened: Int64, windowClosed: Int64)

  /// The version that this binary speaks. It moves up whenever a frame, or what it carries, is written differently.
  public static let version = 8
}

/// One end of a connection between two of our processes that sends frames of one kind. Owns its descriptor.
public final class FrameSocket<Message: Codable> {
  /// The descriptor, for poll.
  public let descriptor: Int32
  private var received: [UInt8] = []
  private var largestFrame: Int { 16 << 20 }

  /// Takes over a connected stream socket.
  public init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Sends a frame; blocks while the other side does not read. Throws when it is gone.
  public func send(_ frame: Message) throws {
    let payload = try JSONEncoder().encode(frame)
    var bytes = withUnsafeBytes(of: UInt32(payload.count).littleEndian) { Array($0) }
    bytes += payload
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemFailure("send to the other process") }
      sent += count
    }
  }

  /// Reads what has arrived without blocking and returns the complete frames, or nil when the other side has closed.
  public func receive() throws -> [Message]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count < 0 {
      if errno == EAGAIN || errno == EINTR { return [] }
      if errno == ECONNRESET { return nil }
      throw SystemFailure("receive from the other process")
    }
    if count == 0 { return nil }
    received += buffer[..<count]
    var frames: [Message] = []
    while let frame = try nextFrame() { frames.append(frame) }
    return frames
  }

  private func nextFrame() throws -> Message? {
    guard received.count >= 4 else { return nil }
    let length = received[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= largestFrame else { throw ProtocolFailure("a frame of \(length) bytes is too large") }
    guard received.count >= 4 + length else { return nil }
    let payload = Data(received[4..<(4 + length)])
    received.removeFirst(4 + length)
    return try JSONDecoder().decode(Message.self, from: payload)
  }
}

/// The other side does not speak our protocol.
public struct ProtocolFailure: Error, CustomStringConvertible {
  /// What was wrong.
  public let description: String
  init(_ description: String) { self.description = description }
}
