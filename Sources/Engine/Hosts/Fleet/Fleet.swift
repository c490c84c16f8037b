@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime

/// The hosts of a run, as the driver sees them: who has joined, who is gone.
///
/// Agents connect to the driver and say what they are; one of another build, or for a place that somebody has, is turned
/// away with a sentence. Places are fixed for a trial: nothing moves to others when a host is lost. Between trials a new
/// agent may take the place of one that was lost.
final class Fleet {
  private(set) var members: [FleetMember?]
  private let settings: FleetSettings
  private let source: any HostSource
  private let own: HostHello
  private let interruption: Int32
  private var strangers: [(channel: Channel, until: Int64)] = []
  private var lastTrial: UInt32 = 0

  /// How long a connection may take to say who it is, nanoseconds.
  private static let introduction: Int64 = 5_000_000_000

  /// Starts the agents, or says how to.
  ///
  /// - Throws: when they cannot be started, or nobody could reach us.
  init(_ settings: FleetSettings, hosts: Int, executable: String, interruption: Int32) throws(EngineFailure) {
    self.settings = settings
    self.interruption = interruption
    own = HostHello(build: settings.build, place: HostPlace(environment: [:]))
    members = Array(repeating: nil, count: hosts)
    do {
      source = try Self.source(settings, hosts: hosts, executable: executable)
    } catch let failure as HostFailure {
      throw EngineFailure(failure.kind == .usage ? .usage : .serviceUnavailable, failure.message)
    } catch {
      throw EngineFailure(.internal, "\(error)")
    }
  }

  private static func source(_ settings: FleetSettings, hosts: Int, executable: String) throws -> any HostSource {
    if case .local = settings.starter { return try LocalHosts(hosts, executable: executable) }
    let address = try FleetAddress.find(settings)
    let listener = try ChannelListener(address, token: settings.token)
    let reached = try FleetAddress.reached(address, port: listener.port, settings)
    guard case .launcher(let launcher, let hostList) = settings.starter else {
      settings.tell(
        JoiningLines.text(
          hosts: hosts, driver: reached, tokenFile: settings.tokenFile ?? "FILE", executable: settings.path))
      return JoinedHosts(listener, jobs: [])
    }
    let commands = try launcher.commands(
      hosts: hosts, hostList: hostList, executable: settings.path, driver: reached, token: settings.token)
    return JoinedHosts(listener, jobs: try commands.map { command throws(HostFailure) in try LaunchedJob(command) })
  }

  /// The machine on which the driver is.
  var machine: String { own.machine }

  /// The number of the next trial.
  func nextTrial() -> UInt32 {
    lastTrial += 1
    return lastTrial
  }

  /// Whether a member whose connection broke may come back.
  var mayComeBack: Bool {
    if case .local = settings.starter { return false }
    return source.obstacle() == nil
  }

  /// Waits until the first places are taken: without limit for the first host, because an engine may queue; from then on as
  /// long as the settings say.
  ///
  /// - Throws: which are missing, or that the user does not want to wait any longer.
  func assemble(_ count: Int) throws(EngineFailure) {
    if lastTrial > 0, members.prefix(count).contains(where: { $0?.channel == nil }) { source.refill() }
    var deadline: Int64 = .max
    var told: Int64 = monotonicNow() + 2_000_000_000
    while true {
      admit(trial: nil)
      // They give signs of life while they wait for the others.
      for member in members.prefix(count) where member?.hasNews == true { _ = member?.receive() }
      for place in 0..<count where members[place].map(isGone) == true { members[place] = nil }
      let missing = (0..<count).filter { members[$0]?.channel == nil }
      if missing.isEmpty { return }
      if missing.count < count || lastTrial > 0, deadline == .max {
        deadline = monotonicNow() + settings.patience.nanoseconds
      }
      let list = missing.map(String.init).joined(separator: ", ")
      if let obstacle = source.obstacle() {
        throw EngineFailure(
          .serviceUnavailable, "\(missing.count) of \(count) hosts are missing (\(list)): \(obstacle)")
      }
      if monotonicNow() >= deadline {
        throw EngineFailure(
          .serviceUnavailable,
          "\(missing.count) of \(count) hosts have not joined within \(settings.patience.inWords): host \(list); "
            + "see what their launcher says, or state a longer --wait")
      }
      if monotonicNow() >= told {
        settings.tell("waiting for \(missing.count) of \(count) hosts")
        told = .max
      }
      if wait(until: min(deadline, told, monotonicNow() + 500_000_000)) {
        throw EngineFailure(.interrupted, "interrupted")
      }
    }
  }

  /// Whether a member will not come back.
  private func isGone(_ member: FleetMember) -> Bool {
    guard member.channel == nil else { return false }
    return member.state == .lost || !mayComeBack || monotonicNow() - member.lastHeard > HostAgent.absence
  }

  /// Waits for something to happen or for a moment; true when the user wants to stop.
  func wait(until moment: Int64, watchingInterruption: Bool = true) -> Bool {
    var waited = [pollfd(fd: watchingInterruption ? interruption : -1, events: Int16(POLLIN), revents: 0)]
    let known = members.compactMap(\.self).filter { $0.channel != nil }
    waited += (known.compactMap(\.channel) + strangers.map(\.channel)).map { channel in
      pollfd(
        fd: channel.descriptor, events: Int16(POLLIN) | (channel.hasUnsent ? Int16(POLLOUT) : 0), revents: 0)
    }
    waited += source.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    for member in known where member.channel?.hasPending == true { member.hasNews = true }
    let left =
      known.contains(where: \.hasNews) || strangers.contains(where: \.channel.hasPending)
      ? 0 : max(0, moment - monotonicNow())
    _ = poll(&waited, UInt(waited.count), Int32(min(1000, (left + 999_999) / 1_000_000)))
    for (index, member) in known.enumerated() where waited[index + 1].revents != 0 { member.hasNews = true }
    return waited[0].revents != 0
  }

  /// Takes in who has come: agents that may take part, and members that come back.
  ///
  /// - Parameter trial: the trial that runs; nil between trials, when a new agent may take a place.
  func admit(trial: UInt32?) {
    let (channels, refused) = source.arrivals()
    for sentence in refused { settings.tell(sentence) }
    strangers += channels.map { ($0, monotonicNow() + Self.introduction) }
    var waiting: [(channel: Channel, until: Int64)] = []
    for stranger in strangers {
      switch introduction(of: stranger.channel) {
      case .success(let introduction?): admit(stranger.channel, introduction, trial)
      case .success(nil) where monotonicNow() < stranger.until: waiting.append(stranger)
      case .success(nil):
        settings.tell("\(stranger.channel.peer) did not say who it is")
        stranger.channel.close()
      case .failure(let failure):
        settings.tell("\(stranger.channel.peer) was turned away: \(failure.message)")
        stranger.channel.close()
      }
    }
    strangers = waiting
  }

  /// Who an agent says it is, and what it has said right after that.
  private typealias Introduction = (hello: HostHello, further: [ChannelFrame])

  private func introduction(of channel: Channel) -> Result<Introduction?, HostFailure> {
    do throws(HostFailure) {
      guard let frames = try channel.receive() else {
        return .failure(HostFailure(.refused, "it closed the connection before it said who it is"))
      }
      guard let first = frames.first else { return .success(nil) }
      guard first.kind == .control, case .hello(let hello) = try HostMessage(first) else {
        return .failure(HostFailure(.refused, "it did not say who it is"))
      }
      return .success((hello, Array(frames.dropFirst())))
    } catch {
      return .failure(error)
    }
  }

  private func admit(_ channel: Channel, _ introduction: Introduction, _ trial: UInt32?) {
    let hello = introduction.hello
    if let member = members.compactMap(\.self).first(where: { $0.hello.identity == hello.identity }) {
      guard trial == nil || hello.resumes == trial, member.state != .lost else {
        return turnAway(channel, hello, "it comes too late")
      }
      return member.take(channel, introduction.further)
    }
    if hello.resumes != nil { return turnAway(channel, hello, "it comes too late") }
    if let delivered = hello.delivers { return deliver(channel, introduction, delivered, trial) }
    if let obstacle = hello.obstacle(to: own, allowsOtherBuild: settings.allowsOtherBuild) {
      return turnAway(channel, hello, obstacle)
    }
    if trial != nil { return turnAway(channel, hello, "a trial is running; it may join between two trials") }
    if let count = hello.count, count != members.count {
      settings.tell("\(hello.host) was started as one of \(count) hosts, the run has \(members.count)")
    }
    let free = members.indices.first { members[$0]?.channel == nil }
    guard let place = hello.rank ?? free else {
      return turnAway(channel, hello, "all \(members.count) places are taken; state --hosts to have more")
    }
    guard members.indices.contains(place) else {
      return turnAway(channel, hello, "there is no place \(place) among \(members.count) hosts, counted from 0")
    }
    if let holder = members[place], holder.channel != nil {
      return turnAway(channel, hello, "place \(place) is taken by \(holder.hello.host)")
    }
    let member = FleetMember(channel, hello, rank: place)
    members[place] = member
    member.send(.welcome(rank: place), trial: 0)
    // Who starts agents by hand wants to see them come.
    if case .nobody = settings.starter { settings.tell("\(member.name) has joined") }
  }

  /// What an agent that was killed has left behind, while its trial still waits for it.
  private func deliver(_ channel: Channel, _ introduction: Introduction, _ delivered: UInt32, _ trial: UInt32?) {
    let hello = introduction.hello
    guard delivered == trial, let place = hello.rank, members.indices.contains(place), let member = members[place],
      member.channel == nil, !member.isSettled
    else { return turnAway(channel, hello, "nobody waits for what it delivers any more") }
    if let obstacle = hello.obstacle(to: own, allowsOtherBuild: settings.allowsOtherBuild) {
      return turnAway(channel, hello, obstacle)
    }
    member.take(channel, introduction.further)
    member.isDelivered = true
  }

  private func turnAway(_ channel: Channel, _ hello: HostHello, _ reason: String) {
    settings.tell("\(hello.host) (\(channel.peer)) was turned away: \(reason)")
    try? channel.send(.turnedAway(message: reason))
    try? channel.drain(until: monotonicNow() + 200_000_000)
    channel.close()
  }

  /// Dismisses all agents, and ends what has started them.
  func close() {
    for member in members.compactMap(\.self) {
      member.send(.bye, trial: lastTrial)
      try? member.channel?.drain(until: monotonicNow() + 1_000_000_000)
    }
    source.end()
    if settings.ownsTokenFile, let file = settings.tokenFile { unlink(file) }
    for member in members { member?.disconnect() }
    members = members.map { _ in nil }
  }
}
