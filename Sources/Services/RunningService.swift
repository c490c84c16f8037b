internal import Glibc

/// A private server that accepts clients, as the driver sees it: started by us, or by a process that shares it with us.
///
/// One of ours is stopped, and its directory removed, by ``stop()``, when the last reference goes, or when this process
/// ends in whatever way; one that is shared belongs to the other process. To be used from one thread.
public final class RunningService {
  /// Name of the service: `postgres`, `redis`.
  public let name: String
  /// Where clients connect: a unix socket.
  public let url: String
  /// Version of the server, as its program states it.
  public let serverVersion: String
  /// Settings that were stated when it was started.
  public let settings: [ServiceSetting]

  /// Nil when another process holds the server.
  private let server: (any ManagedServer)?
  private let guardID: pid_t
  /// Nil when another process holds the server.
  private let guardProcess: GuardProcess?
  private let preparation: ServerPreparation
  /// How far the clocks of members were put ahead.
  private var clockOffsets: [Int: Duration] = [:]
  private var isSeparated = false
  private var end: String?

  init(_ starting: StartingService) throws(ServiceFailure) {
    let directory = try starting.waitUntilReady()
    let server = starting.server
    self.server = server
    name = server.service
    url = server.url(in: directory)
    serverVersion = starting.serverVersion
    settings = starting.settings
    preparation = starting.preparation
    guardProcess = starting.guardProcess
    guardID = starting.guardProcess.process
  }

  init(_ shared: SharedService) {
    (name, url, serverVersion, settings) = (shared.name, shared.url, shared.serverVersion, shared.settings)
    server = nil
    preparation = []
    guardProcess = nil
    guardID = shared.guardProcess
  }

  deinit { stop() }

  /// Of how many servers it consists, as far as we hold it.
  public var memberCount: Int { server?.members ?? 1 }

  /// Its private directory; nil when another process holds the server.
  var directory: PrivateDirectory? { guardProcess?.directory }

  /// Whether it ends with us, and all that it holds with it.
  public var isOurs: Bool { guardProcess != nil }

  /// What another process needs to use the server while we hold it.
  public var shared: SharedService {
    SharedService(name: name, url: url, serverVersion: serverVersion, settings: settings, guardProcess: guardID)
  }

  private var isRunning: Bool { guardProcess?.isRunning ?? true }

  /// The process ids of the server and of all its descendants, or those of one of its members; empty when it has ended.
  public func processIDs(of member: Int? = nil) -> [Int32] {
    guard isRunning else { return [] }
    let all = ProcessTree.descendants(of: guardID).filter { !$0.isZombie }.map(\.process)
    guard let member else { return all }
    guard let process = process(of: member), all.contains(process) else { return [] }
    return [process] + ProcessTree.descendants(of: process).filter { !$0.isZombie }.map(\.process)
  }

  /// The process of a member, which is another one after it was started again.
  private func process(of member: Int) -> Int32? {
    // Takes in what the guard has told.
    _ = hasDied()
    guard let known = guardProcess?.members, known.indices.contains(member) else { return nil }
    return known[member] > 0 ? known[member] : nil
  }

  /// The member that leads the others, from 0; nil when there is none or it does not say so. Takes a millisecond for each
  /// member, and a second for one that does not answer.
  public func leader() -> Int? {
    guard let server, let directory else { return nil }
    return (0..<server.members).first { server.leads($0, in: directory) }
  }

  /// CPU time in seconds that the server has used since it was started: user and system, of its living processes and
  /// of those that have ended; the latter with a resolution of 10 ms. Take differences while the server runs.
  public func cpuSeconds() -> Double {
    isRunning ? ProcessTree.cpuSeconds(below: guardID) : 0
  }

  /// Lets the whole server run only on the CPUs of this mask (bit i is CPU i).
  public func pin(to cpus: UInt64) { ProcessTree.pin(processIDs(), to: cpus) }

  /// Stops all its processes wherever they are, or those of one of its members. Whatever becomes of us, they go on before
  /// they are stopped for good.
  ///
  /// - Throws: when the member does not run, or another process holds the server and alone knows its members.
  public func pause(member: Int? = nil) throws(ServiceFailure) {
    var stopped: Set<Int32> = []
    // Parents come first; what they had started before they stood is found in the next round.
    while true {
      let found = processIDs(of: member).filter { !stopped.contains($0) }
      if found.isEmpty, stopped.isEmpty, let member { throw ServiceFailure("member \(member) of \(name) does not run") }
      if found.isEmpty { return }
      for process in found { Glibc.kill(process, SIGSTOP) }
      stopped.formUnion(found)
    }
  }

  /// Lets all its processes go on, or those of one of its members.
  public func resume(member: Int? = nil) { for process in processIDs(of: member) { Glibc.kill(process, SIGCONT) } }

  /// Kills all its processes, or those of one of its members, a moment after the call; ``hasDied()`` does not report that.
  ///
  /// - Throws: when another process holds the server.
  public func kill(member: Int? = nil) throws(ServiceFailure) { try held().send(GuardRequest(.kill, member)) }

  /// Asks it, or one of its members, to end in good order, as an administrator does who restarts it; it may take seconds,
  /// which nobody waits for here. ``hasDied()`` does not report that.
  ///
  /// - Throws: when another process holds the server.
  public func shutDown(member: Int? = nil) throws(ServiceFailure) { try held().send(GuardRequest(.stop, member)) }

  /// Starts it again, or one of its members, on what it has left in its directory; returns at once.
  ///
  /// - Throws: when another process holds the server.
  public func restart(member: Int? = nil) throws(ServiceFailure) { try held().send(GuardRequest(.start, member)) }

  /// Starts it anew, without anything that it had stored, and waits until it accepts commands: a second or two.
  ///
  /// - Throws: when another process holds the server, or it does not start.
  public func renew() throws(ServiceFailure) {
    try held().send(GuardRequest(.renew))
    try waitUntilUp()
  }

  /// Lets nothing pass between a member and the others, or between any two. What was sent arrives when they are joined
  /// again. It was to be prepared for that.
  ///
  /// - Throws: when it was not.
  public func separate(member: Int? = nil) throws(ServiceFailure) {
    guard preparation.contains(.separableMembers) else {
      throw ServiceFailure("the members of \(name) were not started in a way that they can be separated")
    }
    try held().send(GuardRequest(.separate, member))
    isSeparated = true
  }

  /// Lets everything pass between members again.
  public func join() {
    if isSeparated { guardProcess?.send(GuardRequest(.join)) }
    isSeparated = false
  }

  /// Puts the clock forward, or back, of the server or of one of its members; it stays there. It was to be prepared for
  /// that. Whatever runs by a monotonic clock does not notice.
  ///
  /// - Throws: when it was not, or the clock cannot be reached.
  public func shiftClock(by shift: Duration, member: Int? = nil) throws(ServiceFailure) {
    guard preparation.contains(.ownClock), let directory else {
      throw ServiceFailure("\(name) was not started with a clock of its own")
    }
    for member in member.map({ $0...$0 }) ?? 0...(memberCount - 1) {
      let offset = (clockOffsets[member] ?? .zero) + shift
      try ServerClock(of: member, in: directory).set(offset)
      clockOffsets[member] = offset
    }
  }

  /// Waits until a server that was started again accepts commands.
  ///
  /// - Throws: when it does not start; ``hasDied()`` then reports it, too.
  public func waitUntilUp() throws(ServiceFailure) {
    guard let guardProcess else { return }
    // The guard's own limits come first.
    let deadline = ContinuousClock.now + .seconds(60)
    while !guardProcess.serverIsUp {
      if let death = hasDied() { throw ServiceFailure(death) }
      guard ContinuousClock.now < deadline else { throw ServiceFailure("\(name) was killed and did not start again") }
      usleep(2000)
    }
  }

  private func held() throws(ServiceFailure) -> GuardProcess {
    if let guardProcess { return guardProcess }
    throw ServiceFailure("\(name) is held by another process, which alone can kill it and start it again")
  }

  /// A message with the last lines of the log when the server has ended by itself; nil while it runs, after ``stop()``,
  /// and when another process holds it.
  public func hasDied() -> String? {
    if end == nil { end = guardProcess?.unexpectedEnd().map { "\(name) ended by itself: \($0)" } }
    return end
  }

  /// Stops the server and removes its directory: a fraction of a second, at most about 8 s. Later calls do nothing.
  public func stop() { guardProcess?.stop() }
}
