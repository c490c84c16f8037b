internal import CLinux
@preconcurrency internal import Glibc
public import Hosts
internal import Model
internal import Runtime

/// The agent of a host: joins a driver, runs its part of each trial, and ends when the driver says so or is gone.
///
/// What a trial needs crosses the network before it starts and after it has ended. In between a connection may break for
/// fifteen seconds: the workers go on, the agent connects again, and its evidence is whole. A driver that stays away
/// longer is gone: the workers stop, so that nobody fights over a store that nobody watches.
public struct HostAgent {
  /// How the agent reaches its driver.
  public enum Way: Sendable {
    /// Over the network.
    case join(HostAddress, RunToken)
    /// Over a connected socket that it has inherited, on the driver's own machine.
    case inherited(Int32)
  }

  /// How it ended.
  public enum Ending: Sendable, Equatable {
    /// The run is over.
    case dismissed
    /// Somebody wanted it to end.
    case signalled
    /// The driver was not there, or is gone; why.
    case abandoned(String)
    /// The driver does not take it; why.
    case turnedAway(String)
  }

  private let way: Way
  private let executable: String
  private let interruption: Int32
  private let patience: Duration
  private let spool: String?
  private var hello: HostHello

  /// For how long a broken connection disturbs nothing, nanoseconds.
  static let absence: Int64 = 15_000_000_000

  /// - Parameters:
  ///   - build: of this program, as ``HostBuild/description`` tells.
  ///   - executable: this program, which is started again for worker processes.
  ///   - environment: tells the place that an engine has started it for.
  ///   - interruption: a descriptor that becomes readable when somebody wants it to end.
  ///   - spool: a folder on this host in which trials are kept until their evidence has arrived; nil for none.
  ///   - patience: how long it tries to reach its driver at first.
  public init(
    _ way: Way, build: String, executable: String, environment: [String: String], interruption: Int32,
    spool: String? = nil, patience: Duration = .seconds(120)
  ) {
    self.way = way
    self.executable = executable
    self.interruption = interruption
    self.patience = patience
    self.spool = spool
    hello = HostHello(build: build, place: HostPlace(environment: environment))
  }

  /// Serves until the run is over. Nothing that it has started stays.
  public func run() -> Ending {
    // Signs of life and answers to pings go before workers, as far as the system allows it.
    _ = clinux_set_nice(-10)
    do throws(HostFailure) {
      let channel = try connect(until: monotonicNow() + patience.nanoseconds)
      try channel.send(.hello(hello))
      return try AgentSession(
        channel, hello: hello, executable: executable, spool: spool, interruption: interruption, reconnect: again
      )
      .run()
    } catch {
      return error.kind == .refused ? .turnedAway(error.message) : .abandoned(error.message)
    }
  }

  /// Brings the driver what the workers of an agent that was killed had counted, and removes it from this host.
  ///
  /// - Parameter path: of the note that the agent has left in its spool: `NAME.trial`.
  public func deliver(_ path: String) -> Ending {
    do throws(HostFailure) {
      let spool = Spool(note: path)
      let found = try spool.delivery()
      let channel = try connect(until: monotonicNow() + patience.nanoseconds)
      var hello = hello
      (hello.delivers, hello.rank) = (found.number, found.rank)
      try channel.send(.hello(hello))
      try channel.send(.finished(found.outcome), trial: found.number)
      try channel.send(ChannelFrame(kind: .evidence, trial: found.number, payload: found.payload))
      let deadline = monotonicNow() + Self.absence
      while monotonicNow() < deadline {
        try channel.flush()
        guard let frames = try channel.receive() else { break }
        for frame in frames where frame.kind == .control {
          switch try HostMessage(frame) {
          case .turnedAway(let message): return .turnedAway(message)
          case .bye:
            spool.remove()
            return .dismissed
          default: break
          }
        }
        _ = channel.wait(until: deadline)
      }
      return .abandoned("the driver did not take what was delivered")
    } catch {
      return error.kind == .refused ? .turnedAway(error.message) : .abandoned(error.message)
    }
  }

  private func connect(until deadline: Int64) throws(HostFailure) -> Channel {
    switch way {
    case .inherited(let descriptor): return Channel(plain: descriptor, peer: "the driver")
    case .join(let address, let token):
      return try Channel.connect(to: address, token: token, until: deadline) {
        EventDescriptor.isReadable(interruption)
      }
    }
  }

  /// Another connection in the place of one that broke; nil where there is none to be had.
  private func again(until deadline: Int64) -> Channel? {
    guard case .join = way else { return nil }
    return try? connect(until: deadline)
  }
}
