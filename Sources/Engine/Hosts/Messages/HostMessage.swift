internal import FoundationEssentials
internal import Hosts
internal import Model
internal import Runtime

/// What a driver and the agents of other hosts say to each other, besides signs of life, pings and evidence.
enum HostMessage: Codable, Sendable {
  /// Agent: I am here, and this is what I am.
  case hello(HostHello)
  /// Driver: you have this place among the hosts.
  case welcome(rank: Int)
  /// Driver: you are not taken; why, in one sentence. Nothing follows.
  case turnedAway(message: String)
  /// Driver: what to do in the next trial.
  case order(HostOrder)
  /// Agent: every session of its workers is open.
  case ready
  /// Driver: start at this moment of the agent's CLOCK_MONOTONIC; the measured window opens at that one.
  case start(moment: Int64, opening: Int64)
  /// Driver: let the workers end in good order.
  case stop
  /// Agent: all is over. Its evidence follows.
  case finished(HostOutcome)
  /// Driver: try to reach these servers, `host:port` each.
  case probe(addresses: [String])
  /// Agent: why it does not reach them, in their order; empty where it does.
  case probed(obstacles: [String])
  /// Driver: the run is over.
  case bye

  /// The version that this binary speaks. It moves up whenever a message, or what it carries, is written differently.
  static let version = 1

  /// As a frame of a channel.
  func frame(trial: UInt32) throws(HostFailure) -> ChannelFrame {
    do {
      return ChannelFrame(kind: .control, trial: trial, payload: Array(try JSONEncoder().encode(self)))
    } catch {
      throw HostFailure(.damaged, "a message to another host cannot be written: \(error)")
    }
  }

  /// Reads the payload of a control frame.
  ///
  /// - Throws: when it is none of these messages.
  init(_ frame: ChannelFrame) throws(HostFailure) {
    do {
      self = try JSONDecoder().decode(HostMessage.self, from: Data(frame.payload))
    } catch {
      throw HostFailure(
        .damaged, "the other side sent a message that this program does not know; use one build on all hosts")
    }
  }
}

extension Channel {
  func send(_ message: HostMessage, trial: UInt32 = 0) throws(HostFailure) { try send(message.frame(trial: trial)) }
}
