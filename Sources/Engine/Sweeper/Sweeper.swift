internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import StrategyCatalog

/// `contend sweeper`: removes what a run has put on servers of somebody else, if its driver is killed before it could.
/// Servers that we start ourselves need nobody for that: their guards remove them.
///
/// It is told what to remove by a socket, so that no password is in a list of processes, and notices the end of the
/// driver by the end of the connection.
public enum Sweeper {
  private static let socketDescriptor: Int32 = 3

  /// Runs until the driver has dismissed it, or everything is removed. Returns the exit status.
  public static func run() -> Int32 {
    for ignored in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(ignored, SIG_IGN) }
    setsid()
    // Whoever reads what the driver prints must not wait for us.
    let null = open("/dev/null", O_RDWR)
    for stream in [STDIN_FILENO, STDOUT_FILENO] { dup2(null, stream) }
    do {
      let socket = FrameSocket<SweepMessage>(socketDescriptor)
      guard case .watch(let driver, let namespace, let servers)? = try next(socket) else { return 0 }
      var work = SweepWork(namespace: namespace, servers: servers)
      work.standBy()
      try socket.send(.ready)
      if case .dismissed? = try next(socket) { return 0 }
      waitForEnd(of: driver)
      return work.removeEverything() ? 0 : 1
    } catch {
      return 70
    }
  }

  /// The next message; nil when the driver has closed the connection.
  private static func next(_ socket: FrameSocket<SweepMessage>) throws -> SweepMessage? {
    while true {
      var descriptors = [pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)]
      _ = clinux_poll_ns(&descriptors, 1, -1)
      guard let messages = try socket.receive() else { return nil }
      if let message = messages.first { return message }
    }
  }

  /// Connections of a process that dies are closed before its children are given to somebody else, and its workers
  /// killed.
  private static func waitForEnd(of driver: Int32) {
    for _ in 0..<1000 where getppid() == driver { usleep(5000) }
  }
}

/// What a sweeper has to remove.
private struct SweepWork {
  private let namespace: String
  private let servers: [String: String]
  private var administrations: [String: any StoreAdministration] = [:]

  /// How long sessions of workers that were killed may take to disappear; ended by force after half of it.
  private static let settling = Duration.seconds(2)
  /// What was on its way to a server when its sender was killed has arrived by then.
  private static let arrival: UInt32 = 200_000
  /// How often a server is asked that does not answer, and how long it is left alone between.
  private static let tries = 30
  private static let pause: UInt32 = 1_000_000

  init(namespace: String, servers: [String: String]) {
    self.namespace = namespace
    self.servers = servers
  }

  /// Takes note of how the servers are before the run. One that cannot be reached has no such state to keep, or the run
  /// does not come to anything there.
  mutating func standBy() {
    for service in servers.keys { try? administration(of: service).standBy() }
  }

  private mutating func administration(of service: String) throws(SetupFailure) -> any StoreAdministration {
    if let known = administrations[service] { return known }
    let made = try StrategyCatalog.administration(of: service, url: servers[service] ?? "", namespace: namespace)
    administrations[service] = made
    return made
  }

  /// False when a server did not let it happen.
  mutating func removeEverything() -> Bool {
    var left = Set(servers.keys)
    for attempt in 0..<Self.tries where !left.isEmpty {
      if attempt > 0 { usleep(Self.pause) }
      for service in left where removes(from: service) { left.remove(service) }
    }
    usleep(Self.arrival)
    administrations = [:]
    standBy()
    for service in servers.keys where !left.contains(service) { _ = removes(from: service) }
    return left.isEmpty
  }

  private mutating func removes(from service: String) -> Bool {
    do throws(SetupFailure) {
      let administration = try administration(of: service)
      try? administration.settle(within: Self.settling)
      try administration.remove()
      return true
    } catch {
      administrations[service]?.endSession()
      return false
    }
  }
}
