@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A program that is being tried: whatever is sent to it, and whatever comes back, line by line. Blocks.
final class CheckedProgram {
  let program: AdapterProgram
  private(set) var tail = OutputTail()
  private let reader = LineReader()

  /// Starts it.
  init(_ settings: AdapterSettings) throws(SetupFailure) { program = try AdapterProgram(settings) }

  /// Sends text; false when it does not take it within two seconds, or has closed.
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    let deadline = monotonicNow() &+ 2_000_000_000
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(program.requests, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count < 0 && errno == EAGAIN && monotonicNow() < deadline {
        wait(program.requests, POLLOUT, milliseconds: 10)
      } else if !(count < 0 && errno == EINTR) {
        return false
      }
    }
    return true
  }

  /// The next line; nil when none comes in time, or it has closed.
  func line(within milliseconds: Int) -> [UInt8]? {
    let deadline = monotonicNow() &+ Int64(milliseconds) * 1_000_000
    while true {
      if let line = reader.next() { return Array(line) }
      _ = program.readOutput(into: &tail)
      if reader.isOverlong { return nil }
      switch reader.fill(from: program.replies) {
      case .data: continue
      case .end: return nil
      case .nothing:
        if monotonicNow() > deadline { return nil }
        // What it prints must not make it wait, either.
        wait(program.replies, POLLIN, milliseconds: 20)
      }
    }
  }

  /// The next reply that is no event; nil as for ``line(within:)``, and for what is no reply.
  func reply(within milliseconds: Int) -> Reply? {
    let values = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
    defer { values.deallocate() }
    while let line = line(within: milliseconds) {
      var reply = Reply()
      let isReply = line.withUnsafeBytes { bytes in
        do throws(Malformed) {
          try reply.read(bytes, values: values)
          return true
        } catch {
          return false
        }
      }
      if !isReply { return nil }
      if reply.kind != .event { return reply }
    }
    return nil
  }

  /// Whether it ends within a time.
  func ends(within milliseconds: Int) -> Bool {
    let deadline = monotonicNow() &+ Int64(milliseconds) * 1_000_000
    while !program.hasEnded() && monotonicNow() < deadline {
      _ = program.readOutput(into: &tail)
      usleep(2000)
    }
    _ = program.readOutput(into: &tail)
    return program.hasEnded()
  }

  /// Closes the requests, as the death of contend does.
  func closeRequests() { shut(program.requests) }

  /// Puts something harmless in the place of a descriptor, whose number stays ours.
  private func shut(_ descriptor: Int32) {
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    dup2(null, descriptor)
    close(null)
  }

  private func wait(_ descriptor: Int32, _ events: Int32, milliseconds: Int32) {
    var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    _ = poll(&polled, 1, milliseconds)
  }
}
