internal import Hosts
internal import Model
internal import Runtime

/// When the clocks of the hosts are compared with ours: at length before the start and after the end, in short bursts while
/// the window is open, so that nothing has drifted far when it matters.
struct ClockComparison {
  private var interval: Int64 = .max
  private var due: [Int64] = []
  private var closes: Int64 = 0

  /// Pings of a burst: one after the other, so that both sides stay awake (research: 32 halve to the round trip itself).
  private static let longBurst = 32
  private static let shortBurst = 12
  private static let limit: Int64 = 50_000_000
  /// So few hosts are asked this often while the window is open, each; of more, one after the other. Nanoseconds.
  private static let few = 8
  private static let shortestInterval: Int64 = 100_000_000
  private static let intervalPerHost: Int64 = 250_000_000

  /// When something is due.
  private(set) var next: Int64 = .max

  /// The window is going to open.
  mutating func begin(_ times: TrialTimes, hosts: Int) {
    interval = hosts <= Self.few ? Self.shortestInterval : Int64(hosts) * Self.intervalPerHost
    due = (0..<hosts).map { times.opens + interval * Int64($0) / Int64(hosts) }
    closes = times.closes
    next = due.min() ?? .max
  }

  /// A host whose clock is to be looked at; nil when none is.
  mutating func due(_ members: [FleetMember], at now: Int64) -> FleetMember? {
    guard now >= next, now < closes, let index = due.indices.min(by: { due[$0] < due[$1] }) else {
      if now >= closes { next = .max }
      return nil
    }
    due[index] = now + interval
    next = due.min() ?? .max
    let member = members[index]
    return member.state == .running && member.isResponsive ? member : nil
  }

  /// Compares at once; frames that came in between.
  func compareNow(_ member: FleetMember) -> [ChannelFrame] {
    let pings = member.state == .running ? Self.shortBurst : Self.longBurst
    return member.compareClocks(pings: pings, until: monotonicNow() + Self.limit)
  }

  /// How far ahead the start must lie for all to hear of it, nanoseconds.
  func headStart(_ members: [FleetMember]) -> Int64 {
    let slowest = members.compactMap(\.clock.roundTrip).max() ?? 0
    return max(200_000_000, 4 * slowest + Int64(members.count) * 50_000)
  }
}
