@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime

/// Agents that connect over the network, started by an engine that the user has, or by hand.
final class JoinedHosts: HostSource {
  private let listener: ChannelListener
  private var jobs: [LaunchedJob] = []

  init(_ listener: ChannelListener, jobs: [LaunchedJob]) {
    self.listener = listener
    self.jobs = jobs
  }

  var descriptors: [Int32] { [listener.descriptor] + jobs.map(\.descriptor) }

  func arrivals() -> (channels: [Channel], refused: [String]) {
    for job in jobs { job.readMessages() }
    let (channels, refused) = listener.accept()
    return (channels, refused)
  }

  /// Whoever started the agents may start another.
  func refill() {}

  /// An engine may end early and leave its agents to themselves; what it said is told when they are missing.
  func obstacle() -> String? {
    guard !jobs.isEmpty, jobs.allSatisfy({ $0.hasEnded() }) else { return nil }
    return "the launcher has ended" + said
  }

  private var said: String {
    let lines = jobs.flatMap(\.lastLines).suffix(3)
    return lines.isEmpty ? "" : "; it said: " + lines.joined(separator: " / ")
  }

  /// Agents that were dismissed end by themselves; the engine's job ends with them, or is ended.
  func end() {
    let limit = monotonicNow() + 5_000_000_000
    while monotonicNow() < limit, !jobs.allSatisfy({ $0.hasEnded() }) {
      for job in jobs { job.readMessages() }
      usleep(10_000)
    }
    for job in jobs { job.end() }
    jobs = []
  }
}
