/// Questions for a host's clock, each sent as soon as the last was answered: both sides stay awake, and waking up is what
/// makes single questions wide.
public struct PingBurst {
  /// Asks and blocks until all are answered.
  ///
  /// - Parameters:
  ///   - channel: to the host, which answers with ``Channel/answer(_:at:)``.
  ///   - count: how many; 32 give a bound of about half a round trip.
  ///   - deadline: a moment of CLOCK_MONOTONIC in nanoseconds.
  ///   - estimate: gets the answers.
  ///   - clock: the driver's, in nanoseconds.
  /// - Returns: other frames that have arrived meanwhile.
  /// - Throws: when an answer does not come in time or the connection ends. What else has arrived is not lost:
  ///   ``Channel/receive()`` returns it.
  public static func run(
    over channel: Channel, count: Int = 32, until deadline: Int64, into estimate: inout ClockEstimate,
    clock: () -> Int64
  ) throws(HostFailure) -> [ChannelFrame] {
    var others: [ChannelFrame] = []
    do throws(HostFailure) {
      for _ in 0..<count {
        let sent = try channel.ping(at: clock())
        while !(try takeAnswer(to: sent, from: channel, into: &estimate, others: &others, clock: clock)) {
          channel.wait(until: deadline)
          guard clock() < deadline else {
            throw HostFailure(
              .unavailable, "\(channel.peer) has not told its time: look whether it still runs, and how busy it is")
          }
        }
      }
    } catch {
      channel.giveBack(others)
      throw error
    }
    return others
  }

  /// Takes what has arrived; whether the answer was there.
  private static func takeAnswer(
    to sent: Int64, from channel: Channel, into estimate: inout ClockEstimate, others: inout [ChannelFrame],
    clock: () -> Int64
  ) throws(HostFailure) -> Bool {
    try channel.flush()
    guard let frames = try channel.receive() else {
      throw HostFailure(.unavailable, "the connection with \(channel.peer) has ended: \(channel.ending ?? "closed")")
    }
    let received = clock()
    var isAnswered = false
    for frame in frames {
      if frame.kind == .pong {
        // A late answer to an earlier question is true, too.
        if try estimate.add(pong: frame, received: received, from: channel.peer) == sent { isAnswered = true }
      } else {
        others.append(frame)
      }
    }
    return isAnswered
  }
}

extension Channel {
  /// Driver: sends one question.
  ///
  /// - Parameters:
  ///   - clock: CLOCK_MONOTONIC in nanoseconds.
  ///   - trial: goes with it and with the answer.
  /// - Returns: the moment, by which the answer is known.
  @discardableResult
  public func ping(at clock: Int64, trial: UInt32 = 0) throws(HostFailure) -> Int64 {
    try send(ChannelFrame(kind: .ping, trial: trial, payload: clock.littleEndianBytes))
    return clock
  }

  /// Host: answers a question, which must happen at once.
  ///
  /// - Parameters:
  ///   - ping: as it was received.
  ///   - clock: CLOCK_MONOTONIC in nanoseconds, read since then.
  /// - Throws: when it is none, or the connection is lost.
  public func answer(_ ping: ChannelFrame, at clock: Int64) throws(HostFailure) {
    guard ping.kind == .ping, ping.payload.count == 8 else {
      throw HostFailure(.damaged, "\(peer) has asked for the time in another form: use the same build on all hosts")
    }
    try send(ChannelFrame(kind: .pong, trial: ping.trial, payload: ping.payload + clock.littleEndianBytes))
  }
}

extension ClockEstimate {
  /// Adds an answer that came as a frame.
  ///
  /// - Parameters:
  ///   - pong: as it was received.
  ///   - received: when, in the driver's clock.
  ///   - peer: who has sent it, for the message.
  /// - Returns: when its question was sent.
  /// - Throws: when it is none.
  @discardableResult
  public mutating func add(pong: ChannelFrame, received: Int64, from peer: String) throws(HostFailure) -> Int64 {
    guard pong.kind == .pong, pong.payload.count == 16 else {
      throw HostFailure(.damaged, "\(peer) has told its time in another form: use the same build on all hosts")
    }
    let sent = Int64(littleEndianBytes: pong.payload[..<8])
    add(sent: sent, answered: Int64(littleEndianBytes: pong.payload[8...]), received: received)
    return sent
  }
}

extension Int64 {
  fileprivate init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = Int64(bitPattern: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  fileprivate var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
