@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services

/// What a fault can reach of a running trial: its worker processes, whoever is inside a critical section, its servers.
///
/// Used by the driver's main thread, which also watches the trial: nothing here waits but ``release()``. What a fault
/// has stopped does not stay so: ``release()`` lets everything go on, the kernel kills a stopped worker with the driver
/// (its parent-death signal is SIGKILL, which a stopped process hears), and a guard continues its server before it stops
/// it.
public final class TrialController {
  let times: TrialTimes
  /// What has happened, in order of time.
  private(set) var events: [TrialEvent] = []
  /// Workers that were killed, in order of time.
  private(set) var deaths: [RecordedTrial.Death] = []
  /// Those of them that were inside a critical section, as far as can be seen.
  private(set) var deadHolders: [DeadHolder] = []
  /// Whether a server was killed.
  private(set) var serverWasKilled = false

  /// The holder that was stopped or killed last, if it was one.
  private(set) var lostHolder: LostHolder?

  private let processes: WorkerProcesses
  private let memory: TrialMemory
  private let service: (String) -> RunningService?
  private let administration: (String) throws(SetupFailure) -> any StoreAdministration
  private var watch = HolderWatch()
  private var touched: [RunningService] = []

  /// - Parameters:
  ///   - service: finds a managed service by name.
  ///   - administration: the driver's own way to a service.
  init(
    _ processes: WorkerProcesses, memory: TrialMemory, times: TrialTimes,
    service: @escaping (String) -> RunningService?,
    administration: @escaping (String) throws(SetupFailure) -> any StoreAdministration
  ) {
    self.processes = processes
    self.memory = memory
    self.times = times
    self.service = service
    self.administration = administration
  }

  /// Notes something that has happened at this moment.
  func note(_ kind: TrialEvent.Kind, _ subject: String, _ detail: String = "") {
    events.append(
      TrialEvent(second: times.second(at: monotonicNow()), kind: kind, subject: subject, detail: detail))
  }

  // MARK: what workers tell

  /// What has been counted in the measured window so far.
  func measured(_ counter: Counter) -> Int64 { memory.count(counter, in: .measured) }

  /// How many threads count.
  var threadCount: Int { memory.layout.threads }

  /// The worker that entered the critical section of a record last.
  func lastToEnter(_ key: Int32) -> Int? { memory.lastToEnter(key) }

  /// Changes of a record that were acknowledged so far.
  func acknowledgedChanges(of key: Int32) -> Int64 { memory.acknowledgedChanges(of: key) }

  /// Whether a worker of a living process is in an operation on a record.
  func isWanted(_ key: Int32) -> Bool {
    (0..<memory.layout.workers).contains { worker in
      memory.position(ofWorker: worker).operation != nil && !processes.members[process(ofWorker: worker)].isOver
        && memory.keys(ofWorker: worker).contains(key)
    }
  }

  /// Where a worker is.
  func position(ofWorker worker: Int) -> WorkerPosition { memory.position(ofWorker: worker) }

  // MARK: worker processes

  /// How many worker processes there are.
  public var processCount: Int { processes.members.count }

  /// A process in words: `worker process 1 (workers 2 to 3)`.
  public func name(ofProcess index: Int) -> String { processes.name(of: index) }

  /// The process of a worker.
  public func process(ofWorker worker: Int) -> Int {
    processes.members.firstIndex { $0.assignment.workers.contains(worker) } ?? 0
  }

  /// Whether a process runs operations, or would if it were not paused.
  public func isRunning(process index: Int) -> Bool { processes.members[index].isRunning }

  /// Stops a process wherever its threads are. False when it does not run, or another fault has stopped it already: each
  /// lets go on what it has stopped itself.
  public func pause(process index: Int) -> Bool { processes.members[index].pause() }

  /// Lets a process go on; false when it was not stopped, or has ended since.
  @discardableResult
  public func resume(process index: Int) -> Bool { processes.members[index].resume() }

  /// Kills a process; its operations in flight have an unknown outcome from now on.
  public func kill(process index: Int) {
    let member = processes.members[index]
    guard !member.isOver else { return }
    let moment = monotonicNow()
    if let lost = lostHolder?.worker, member.assignment.workers.contains(lost) { lostHolder?.isDead = true }
    // Before it dies: the next one may be inside a moment later.
    deadHolders += member.assignment.workers.flatMap { deadHolders(worker: $0, at: moment) }
    member.kill()
    watch.forget(member.assignment.workers, memory)
    // After it: what it has still written down is its own, and not that of its successor.
    deaths.append(memory.death(of: member.assignment.workers, at: monotonicNow()))
    settle(index)
    note(.ended, processes.name(of: index), member.ending)
  }

  /// Starts another process in the place of one that was killed, with the same workers; it joins as soon as its sessions
  /// are open. False when the window has closed: there is nothing to join.
  public func restart(process index: Int) throws(FaultFailure) -> Bool {
    let member = processes.members[index]
    guard member.isOver, !member.hasFinished, monotonicNow() < times.closes else { return false }
    do { try processes.replace(index) } catch { throw FaultFailure("cannot start a worker process again: \(error)") }
    note(.restarted, processes.name(of: index))
    return true
  }

  private func deadHolders(worker: Int, at moment: Int64) -> [DeadHolder] {
    let position = memory.position(ofWorker: worker)
    guard position.operation != nil, position.enteredLast else { return [] }
    return memory.keys(ofWorker: worker).map {
      DeadHolder(key: $0, worker: worker, moment: moment, acknowledged: acknowledgedChanges(of: $0))
    }
  }

  private func settle(_ index: Int) {
    let now = monotonicNow()
    let phase: Phase = now < times.opens ? .warmUp : now < times.closes ? .measured : .drained
    memory.settleOpenOperations(of: processes.members[index].assignment.workers, in: phase)
  }

  // MARK: points of operations

  /// Waits for a worker at a point of its operation, by position; nil for nowhere.
  func arm(_ point: Int?) { memory.points.arm(point) }

  /// The process that has stopped itself at the point that is armed; nil while none has.
  func processAtPoint() -> Int? {
    guard let worker = memory.points.arrived else { return nil }
    let index = process(ofWorker: worker)
    return processes.members[index].isRunning ? index : nil
  }

  /// Nobody waits at a point any more, and whoever stands there goes on.
  private func disarm() {
    let standing = memory.points.arrived
    memory.points.arm(nil)
    if let standing { processes.members[process(ofWorker: standing)].process.signal(SIGCONT) }
  }

  // MARK: holders

  /// Nobody is known to have been lost.
  func forgetHolder() { lostHolder = nil }

  /// Stops the process of a worker that is inside a critical section, and leaves it there; nil when nobody is seen
  /// inside. To be asked again and again: who is inside is known of those who were seen to enter. Where nobody is kept
  /// out, it is somebody in the middle of an operation.
  public func pauseHolder() -> Int? {
    guard let holder = watch.holder(memory, where: canBePaused) else { return nil }
    let keys = memory.keys(ofWorker: holder.worker)
    guard let index = pause(holder) else { return nil }
    if holder.hasEntered, let operation = holder.position.operation {
      lostHolder = LostHolder(
        worker: holder.worker, operation: operation, keys: keys, acknowledged: keys.map(acknowledgedChanges))
    }
    return index
  }

  /// Stops the process of a worker that others keep out of a critical section, and none of whose workers is inside one;
  /// nil when nobody is seen to wait. To be asked again and again.
  public func pauseWaiter() -> Int? {
    let inside = Set(watch.holders(memory).map { process(ofWorker: $0) })
    let waiter = watch.waiter(memory) { canBePaused($0) && !inside.contains(process(ofWorker: $0)) }
    return waiter.flatMap(pause)
  }

  private func canBePaused(_ worker: Int) -> Bool {
    let member = processes.members[process(ofWorker: worker)]
    return member.isRunning && !member.isPaused
  }

  private func pause(_ seen: HolderWatch.Holder) -> Int? {
    let index = process(ofWorker: seen.worker)
    guard pause(process: index) else { return nil }
    // It went on while it was told.
    if memory.position(ofWorker: seen.worker) == seen.position { return index }
    resume(process: index)
    return nil
  }

  // MARK: servers

  /// Stops all processes of a server wherever they are, or those of one of its members.
  public func pause(service name: String, member: Int? = nil) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.pause(member: member) }
  }

  /// Lets a server go on.
  public func resume(service name: String, member: Int? = nil) throws(FaultFailure) {
    try touch(name).resume(member: member)
  }

  /// Kills a server.
  public func kill(service name: String, member: Int? = nil) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.kill(member: member) }
    serverWasKilled = true
  }

  /// Whether anything of a member of a server is still there; it takes a moment to be killed.
  func isRunning(service name: String, member: Int) -> Bool { service(name)?.processIDs(of: member).isEmpty == false }

  /// Asks a server to end in good order.
  public func shutDown(service name: String, member: Int? = nil) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.shutDown(member: member) }
    serverWasKilled = true
  }

  /// Starts a server again that was killed, on what it has left in its files.
  public func restart(service name: String, member: Int? = nil) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.restart(member: member) }
  }

  /// Lets nothing pass between a member of a service and the others, or between any two.
  public func separate(service name: String, member: Int?) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.separate(member: member) }
  }

  /// Lets everything pass between the members of a service again.
  public func join(service name: String) throws(FaultFailure) { try touch(name).join() }

  /// Puts the clock of a server forward, or back.
  public func shiftClock(of name: String, by shift: Duration, member: Int?) throws(FaultFailure) {
    try on(name) { service throws(ServiceFailure) in try service.shiftClock(by: shift, member: member) }
  }

  /// The member of a service that leads the others; nil while there is none.
  func leader(of name: String) -> Int? { service(name)?.leader() }

  private func on(
    _ name: String, _ body: (RunningService) throws(ServiceFailure) -> Void
  ) throws(FaultFailure) {
    let service = try touch(name)
    do throws(ServiceFailure) { try body(service) } catch { throw FaultFailure(error.message) }
  }

  /// Asks a server, by the driver's own session, for something that it does at once.
  func ask<Answer>(
    _ service: String, _ body: (any StoreAdministration) throws(SetupFailure) -> Answer
  ) throws(FaultFailure) -> Answer {
    do throws(SetupFailure) { return try body(try administration(service)) } catch { throw FaultFailure(error.message) }
  }

  private func touch(_ name: String) throws(FaultFailure) -> RunningService {
    guard let found = service(name) else { throw FaultFailure("service \(name) was not started by us") }
    if !touched.contains(where: { $0 === found }) { touched.append(found) }
    return found
  }

  /// Lets every process go on that a fault has stopped, whether or not it was healed, and waits until every server that
  /// was killed is up again.
  func release() throws(FaultFailure) {
    disarm()
    for member in processes.members { member.resume() }
    for service in touched {
      service.resume()
      service.join()
      do throws(ServiceFailure) { try service.waitUntilUp() } catch { throw FaultFailure(error.message) }
    }
  }
}
