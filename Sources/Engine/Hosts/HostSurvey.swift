public import Hosts
internal import Model
internal import Runtime

/// What hosts are like before anything runs on them.
public struct HostSurvey {
  /// One host.
  public struct Entry: Sendable, Equatable {
    /// Its place, from 0, and how it calls itself.
    public let rank: Int, name: String
    /// Its build, the same as the driver's, and what has started it; `none` when nobody says.
    public let build: String, engine: String
    /// Processors that are online.
    public let processors: Int
    /// The shortest round trip of a ping, and how far its clock's offset may lie from what is found; nanoseconds.
    public let roundTripNanoseconds: Int64?, clockBoundNanoseconds: Int64?
    /// Why it does not reach a server, by address; nil for one that it reaches.
    public let obstacles: [(address: String, obstacle: String?)]

    /// Two hosts that are alike in everything.
    public static func == (left: Entry, right: Entry) -> Bool {
      left.rank == right.rank && left.name == right.name && left.build == right.build && left.engine == right.engine
        && left.processors == right.processors && left.roundTripNanoseconds == right.roundTripNanoseconds
        && left.clockBoundNanoseconds == right.clockBoundNanoseconds
        && left.obstacles.elementsEqual(right.obstacles) { $0.address == $1.address && $0.obstacle == $1.obstacle }
    }
  }

  private static let pings = 64
  private static let patience: Int64 = 10_000_000_000

  /// Waits for the hosts, looks at each, and dismisses them.
  ///
  /// - Parameters:
  ///   - servers: addresses that every host should reach.
  ///   - executable: this program.
  ///   - interruption: a descriptor that is readable when the user wants to stop.
  /// - Throws: which hosts are missing.
  public static func take(
    _ settings: FleetSettings, hosts: Int, reaching servers: [HostAddress], executable: String, interruption: Int32
  ) throws(EngineFailure) -> [Entry] {
    let fleet = try Fleet(settings, hosts: hosts, executable: executable, interruption: interruption)
    defer { fleet.close() }
    try fleet.assemble(hosts)
    return fleet.members.prefix(hosts).compactMap(\.self).map { examine($0, servers) }
  }

  private static func examine(_ member: FleetMember, _ servers: [HostAddress]) -> Entry {
    _ = member.compareClocks(pings: pings, until: monotonicNow() + 1_000_000_000)
    let texts = servers.map(\.description)
    var obstacles: [String?] = texts.map { _ in "the host has gone" }
    if !texts.isEmpty {
      member.send(.probe(addresses: texts), trial: 0)
      let deadline = monotonicNow() + patience
      asking: while monotonicNow() < deadline, let channel = member.channel {
        _ = channel.wait(until: deadline)
        for frame in member.receive() where frame.kind == .control {
          guard case .probed(let found)? = try? HostMessage(frame), found.count == texts.count else { continue }
          obstacles = found.map { $0.isEmpty ? nil : $0 }
          break asking
        }
      }
    }
    let offset = member.clock.offset(at: monotonicNow())
    return Entry(
      rank: member.rank, name: member.hello.host, build: member.hello.build, engine: member.hello.engine,
      processors: member.hello.processors, roundTripNanoseconds: member.clock.roundTrip,
      clockBoundNanoseconds: offset?.halfWidth, obstacles: Array(zip(texts, obstacles)))
  }
}
