internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The worker processes of one trial: started, listened to, replaced.
final class WorkerProcesses {
  /// What a worker process has said or done, by its position.
  enum News {
    case ready(Int)
    case failed(String)
    case finished(windowOpened: Int64, windowClosed: Int64)
    /// It has closed its connection without having finished, and is gone.
    case departed(Int)
    /// The user wants to stop.
    case interrupted
  }

  private(set) var members: [WorkerMember] = []
  private let executable: String
  private let memory: TrialMemory

  init(executable: String, memory: TrialMemory) {
    self.executable = executable
    self.memory = memory
  }

  /// Starts one process for each assignment.
  func launch(_ assignments: [Assignment]) throws {
    for assignment in assignments {
      members.append(try WorkerMember(assignment, executable: executable, memory: memory))
    }
  }

  /// Starts another process in the place of one that has ended: the same workers, which go on where that one was.
  func replace(_ index: Int) throws {
    members[index] = try WorkerMember(members[index].assignment, executable: executable, memory: memory)
  }

  var ids: [pid_t] { members.map(\.process.id) }
  var allAreReady: Bool { members.allSatisfy(\.isReady) }
  var allAreOver: Bool { members.allSatisfy(\.isOver) }
  var someoneEndedEarly: Bool { members.contains { $0.isOver && !$0.hasFinished } }

  /// A process in words: `worker process 1 (workers 2 to 3)`.
  func name(of index: Int) -> String {
    let workers = members[index].assignment.workers
    let first = workers.lowerBound
    return
      "worker process \(index) (\(workers.count == 1 ? "worker \(first)" : "workers \(first) to \(workers.upperBound - 1)"))"
  }

  /// Those that have not ended, in words.
  var unended: String {
    members.indices.filter { !members[$0].isOver }.map(name(of:)).joined(separator: " and ")
  }

  /// Lets a process start at a moment, in a window that opens, or has opened, at another.
  func start(_ index: Int, at moment: Int64, opening: Int64) throws {
    members[index].hasStarted = true
    try members[index].socket.send(.start(moment: moment, opening: opening))
  }

  /// Tells every process to finish in good order.
  func stop() throws {
    for member in members where !member.isOver { try member.socket.send(.stop) }
  }

  /// Waits for something to happen or for a moment, and tells what it was.
  ///
  /// - Parameter interruption: a descriptor that is readable when the user wants to stop; -1 for none.
  func turn(until moment: Int64, interruption: Int32) throws -> [News] {
    var descriptors = members.map {
      pollfd(fd: $0.isOver ? -1 : $0.socket.descriptor, events: Int16(POLLIN), revents: 0)
    }
    descriptors += members.map { pollfd(fd: $0.process.errorDescriptor, events: Int16(POLLIN), revents: 0) }
    descriptors.append(pollfd(fd: interruption, events: Int16(POLLIN), revents: 0))
    _ = clinux_poll_ns(&descriptors, UInt32(descriptors.count), max(0, moment - monotonicNow()))
    var news: [News] = descriptors[descriptors.count - 1].revents != 0 ? [.interrupted] : []
    for (index, member) in members.enumerated() {
      if descriptors[members.count + index].revents != 0 { member.process.readMessages() }
      if descriptors[index].revents != 0 { news += try listen(to: index) }
    }
    return news
  }

  private func listen(to index: Int) throws -> [News] {
    let member = members[index]
    guard let frames = try member.socket.receive() else {
      member.isOver = true
      if member.hasFinished { return [] }
      // It closed the connection, so it is ending by itself; give it a moment to be reaped with its own status.
      member.process.waitForEnd(milliseconds: 1000)
      member.kill()
      return [.departed(index)]
    }
    return frames.compactMap { frame in
      switch frame {
      case .hello(let version):
        return version == Frame.version
          ? nil : .failed("the worker process speaks protocol \(version), this program \(Frame.version)")
      case .ready:
        member.isReady = true
        return .ready(index)
      case .refused(let message): return .failed(message)
      case .finished(let opened, let closed):
        member.hasFinished = true
        return .finished(windowOpened: opened, windowClosed: closed)
      case .assignment, .start, .stop: return nil
      }
    }
  }

  /// Ends them all: those that have said that they are over end by themselves in a moment.
  func end() {
    for member in members where member.hasFinished { member.process.waitForEnd(milliseconds: 1000) }
    for member in members { member.kill() }
  }
}
