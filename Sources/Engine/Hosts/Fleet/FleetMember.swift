internal import Hosts
internal import Model
internal import Runtime

/// The agent of one host as the driver sees it.
final class FleetMember {
  /// How far it is in the trial.
  enum State: Equatable {
    case idle, preparing, ready, running
    /// It has said how it ended; its evidence is on its way.
    case finished
    /// Everything of it is here, or it has said that it has none.
    case over
    /// Its evidence will not come.
    case lost
  }

  let hello: HostHello
  let rank: Int
  /// Nil while its connection is broken.
  private(set) var channel: Channel?
  var state = State.idle
  /// Why it was lost, or cannot take part; nil when all is well.
  var trouble: String?
  /// Its clock beside ours.
  var clock = ClockEstimate()
  var outcome: HostOutcome?
  /// Whether its evidence is brought by somebody else, because its agent was killed.
  var isDelivered = false
  var evidence: CollectedEvidence?
  /// Critical sections of its workers, by its clock.
  var sections: [HeldSection] = []
  private(set) var lastHeard: Int64
  /// Whether there may be something to receive: of a thousand hosts, few have anything to say at one time.
  var hasNews = true
  /// Arrived and not taken yet.
  private var arrived: [ChannelFrame] = []
  /// Signs of life in the trial.
  private(set) var beats = 0
  private(set) var beat = HostBeat()

  init(_ channel: Channel, _ hello: HostHello, rank: Int) {
    self.channel = channel
    self.hello = hello
    self.rank = rank
    lastHeard = monotonicNow()
  }

  /// `host 2 (so2)`.
  var name: String { "host \(rank) (\(hello.host))" }

  /// Nothing is known of the next trial yet.
  func reset() {
    state = .idle
    trouble = nil
    outcome = nil
    isDelivered = false
    evidence = nil
    sections = []
    beats = 0
    beat = HostBeat()
    lastHeard = monotonicNow()
  }

  func send(_ message: HostMessage, trial: UInt32) {
    do throws(HostFailure) { try channel?.send(message, trial: trial) } catch { disconnect() }
  }

  /// It has come back over another connection, or somebody brings what it has left behind.
  ///
  /// - Parameter further: what has arrived over it already.
  func take(_ other: Channel, _ further: [ChannelFrame]) {
    arrived = further
    hasNews = true
    channel?.close()
    channel = other
    lastHeard = monotonicNow()
  }

  /// Its connection is broken.
  func disconnect() {
    channel?.close()
    channel = nil
  }

  /// What has arrived; a broken connection is noticed here.
  func receive() -> [ChannelFrame] {
    hasNews = channel?.hasPending ?? false
    if !arrived.isEmpty {
      defer { arrived = [] }
      return arrived
    }
    do throws(HostFailure) {
      try channel?.flush()
      if let frames = try channel?.receive() {
        if !frames.isEmpty { lastHeard = monotonicNow() }
        return frames
      }
    } catch {
      trouble = error.message
    }
    disconnect()
    return []
  }

  func heard(_ beat: HostBeat) {
    beats += 1
    self.beat = beat
  }

  /// Compares the clocks; frames that came in between.
  func compareClocks(pings: Int, until deadline: Int64) -> [ChannelFrame] {
    guard let channel else { return [] }
    do throws(HostFailure) {
      let frames = try PingBurst.run(over: channel, count: pings, until: deadline, into: &clock, clock: monotonicNow)
      lastHeard = monotonicNow()
      return frames
    } catch {
      // An answer that is late is no broken connection: a busy host has other things to do.
      if channel.ending != nil { disconnect() }
      return []
    }
  }

  /// Whether it was heard a moment ago: who was not is not asked for its time, which others would wait for.
  var isResponsive: Bool { channel != nil && monotonicNow() - lastHeard < 1_500_000_000 }

  /// Whether the trial has nothing more to expect of it.
  var isSettled: Bool { state == .over || state == .lost }
}
