internal import Glibc

extension GuardedServer {
  /// How a member has ended that nobody asked to; nil while all run that should.
  var unexpectedEnd: CInt? { processes.lazy.compactMap { $0.flatMap { events.ended[$0] } }.first }

  /// Asks members to end, and gives them time.
  mutating func stop(_ members: [Int]) {
    guard isRunning(members) else { return }
    // A server that was paused hears nothing but SIGCONT and SIGKILL.
    for process in remainingProcesses(of: members) { kill(process, SIGCONT) }
    for (signal, patience) in server.stopSignals where isRunning(members) {
      for process in members.compactMap({ processes[$0] }) where events.ended[process] == nil { kill(process, signal) }
      let deadline = ContinuousClock.now + patience
      while isRunning(members), ContinuousClock.now < deadline { events.wait(until: deadline) }
    }
  }

  /// Whether any of these members runs.
  private func isRunning(_ members: [Int]) -> Bool {
    members.contains { member in processes[member].map { events.ended[$0] == nil } ?? false }
  }

  /// Ends whatever is left below this guard, orphans included, or of some of the members, and waits for it: seconds at
  /// most.
  ///
  /// Notes shared memory first, of processes that are halted so that they take no more: initdb, too, runs a server.
  mutating func endRemaining(of members: [Int]? = nil) {
    let deadline = ContinuousClock.now + .seconds(2)
    while true {
      let remaining = remainingProcesses(of: members)
      for process in remaining { kill(process, SIGSTOP) }
      if remaining.isEmpty || ContinuousClock.now >= deadline { break }
      noteSharedMemory(of: members)
      for process in remainingProcesses(of: members) { kill(process, SIGKILL) }
      events.wait(until: ContinuousClock.now + .milliseconds(5))
    }
    for member in members ?? Array(processes.indices) { processes[member] = nil }
  }

  /// Notes the shared memory of everything below this guard, or of some of the members.
  mutating func noteSharedMemory(of members: [Int]? = nil) {
    for process in remainingProcesses(of: members) { sharedMemory.add(from: process) }
    // That of a clock is removed as soon as it was found: who has it keeps it, and nobody else wants it. If this guard is
    // killed, nobody removes anything.
    if arguments.preparation.contains(.ownClock) {
      sharedMemory.remove()
      sharedMemory = SharedMemory()
    }
  }

  /// Every process below this guard; PostgreSQL gives each of its children a group of its own. Or those of some members.
  private func remainingProcesses(of members: [Int]?) -> [pid_t] {
    let all = ProcessTree.descendants(of: getpid()).filter { !$0.isZombie }
    guard let members else { return all.map(\.process) }
    // Parents come before their children.
    var found = Set(members.compactMap { processes[$0] })
    return all.filter { entry in
      if found.contains(entry.parent) { found.insert(entry.process) }
      return found.contains(entry.process)
    }.map(\.process)
  }
}
