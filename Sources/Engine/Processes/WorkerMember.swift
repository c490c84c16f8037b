internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// A worker process as the driver sees it, with the driver's end of the conversation.
final class WorkerMember {
  let assignment: Assignment
  let process: ChildProcess
  let socket: FrameSocket<Frame>
  /// Its sessions are open.
  var isReady = false
  /// It has been told to start.
  var hasStarted = false
  /// It has said that all is over.
  var hasFinished = false
  /// Its conversation is over, in good order or not.
  var isOver = false
  /// It was stopped and hears nothing but SIGCONT and SIGKILL.
  private(set) var isPaused = false

  /// Starts a worker process and tells it what to do.
  init(_ assignment: Assignment, executable: String, memory: TrialMemory) throws {
    var ends: [Int32] = [-1, -1]
    guard clinux_socket_pair(&ends) == 0 else { throw SystemFailure("socketpair") }
    self.assignment = assignment
    socket = FrameSocket<Frame>(ends[0])
    defer { close(ends[1]) }
    process = try ChildProcess(
      executable: executable, arguments: ["worker", "--local"], descriptors: [ends[1], memory.region.descriptor],
      leadsGroup: assignment.adapter != nil)
    try socket.send(.assignment(assignment))
  }

  /// Whether it runs operations, or would if it were not paused.
  var isRunning: Bool { hasStarted && !isOver && !hasFinished }

  /// How it ended, and the last thing that it wrote to standard error.
  var ending: String {
    let status = process.exitStatus.map { "\($0)" } ?? "unknown status"
    return status + (process.lastMessage.map { "; its last message: \($0)" } ?? "")
  }

  /// Stops all its threads wherever they are, and returns when they stand; false when it does not run.
  func pause() -> Bool {
    guard isRunning, !isPaused else { return false }
    isPaused = process.stop()
    return isPaused
  }

  /// Lets it go on; false when nothing has stopped it, or it has ended since.
  @discardableResult
  func resume() -> Bool {
    guard isPaused, !isOver else { return false }
    isPaused = false
    process.signal(SIGCONT)
    return true
  }

  /// Ends it at once, paused or not.
  func kill() {
    process.kill()
    isOver = true
  }
}
