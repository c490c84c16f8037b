@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A program of the user's that is running, and the requests that it has not answered. Used on the thread of its loop.
///
/// Of the workers that share it, one reads for all of them at a time; the others sleep until it has their replies.
final class Adapter: @unchecked Sendable {  // because it is used on the thread of its loop only
  let plan: AdapterPlan
  let loop: EventLoop
  let program: AdapterProgram
  /// Why it is of no use any more; nil while it is.
  private(set) var failure: SetupFailure?
  /// What it has printed last.
  var tail = OutputTail()
  /// Requests without a reply.
  private(set) var outstanding: [Call] = []
  /// Its end is what we want.
  var isEnding = false
  /// The line of its hello.
  private(set) var hello: [UInt8] = []
  private let replies: Readiness
  private let room: Readiness
  private let output: Readiness
  private let reader = LineReader()
  private var writer = LineWriter()
  private var cancellations: [Int64] = []
  private var lastID: Int64 = 0
  private var isReading = false
  private var isSending = false
  private var hasClosedOutput = false
  private let scratch = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
  private let giveUp: @Sendable (SetupFailure) -> Void
  private let events: EventCounter
  private var heartbeat: Heartbeat?
  private var lastBeat = monotonicNow()

  private static let period: Int64 = 100_000_000

  /// Starts the program.
  init(_ plan: AdapterPlan, _ worker: WorkerContext) throws(SetupFailure) {
    self.plan = plan
    loop = worker.loop
    giveUp = worker.fail
    events = worker.events
    program = try AdapterProgram(plan.settings)
    replies = loop.register(program.replies)
    room = loop.register(program.requests)
    output = loop.register(program.output)
    outstanding.reserveCapacity(64)
    heartbeat = loop.startHeartbeat(every: Self.period) { [unowned self] in remind() }
    loop.start { await self.keepOutput() }
  }

  deinit { scratch.deallocate() }

  /// How sentences call it.
  var name: String { "external program \(plan.settings.name) (process \(program.id))" }

  // MARK: requests

  /// What came of a request.
  enum Answer {
    /// The reply is in the call.
    case reply
    /// The program has gone after the request was sent.
    case lost
    /// The program had gone before.
    case unsent
  }

  /// Sends a request and waits for its reply.
  ///
  /// - Parameters:
  ///   - patience: nanoseconds after which it counts as silent.
  ///   - compose: appends the members after the number.
  func ask(
    _ call: Call, _ kind: RequestKind, patience: Int64, _ compose: (inout LineWriter) -> Void = { _ in }
  ) async -> Answer {
    guard failure == nil else { return .unsent }
    lastID &+= 1
    call.begin(lastID, kind, deadline: monotonicNow() &+ patience)
    writer.begin(kind, lastID)
    compose(&writer)
    writer.end()
    outstanding.append(call)
    await send()
    while !call.isAnswered && failure == nil {
      if isReading {
        await call.wait()
      } else {
        isReading = true
        await replies.readable()
        isReading = false
        takeReplies()
      }
    }
    // Whoever has read for the others passes it on.
    if !isReading, let next = outstanding.first(where: \.isWaiting) { next.wake() }
    return call.isAnswered ? .reply : .lost
  }

  /// Sends what has been composed; what another task is sending already takes it along.
  private func send() async {
    if isSending { return }
    isSending = true
    while !writer.bytes.isEmpty && failure == nil {
      if !sendSome() { await room.readableOrWritable() }
    }
    isSending = false
  }

  /// Sends what there is room for; false when there is none.
  private func sendSome() -> Bool {
    let count = writer.bytes.withUnsafeBytes { write(program.requests, $0.baseAddress, $0.count) }
    if count > 0 {
      writer.remove(count)
      return true
    }
    if count < 0 && errno == EAGAIN { return false }
    if count < 0 && errno == EINTR { return true }
    hasGone()
    return true
  }

  /// Sends something that nobody waits for, as far as there is room.
  func tell(_ kind: RequestKind, _ compose: (inout LineWriter) -> Void = { _ in }) {
    guard failure == nil else { return }
    lastID &+= 1
    if kind == .cancel { cancellations.append(lastID) }
    writer.begin(kind, lastID)
    compose(&writer)
    writer.end()
    if !isSending { _ = sendSome() }
  }

  // MARK: replies

  private func takeReplies() {
    while failure == nil {
      switch reader.fill(from: program.replies) {
      case .nothing: return
      case .end: return hasGone()
      case .data: takeLines()
      }
    }
  }

  private func takeLines() {
    while failure == nil, let line = reader.next() {
      if line.count > LineReader.longestLine { return misbehaved("has sent a line of more than 64 KiB") }
      take(line)
    }
    if reader.isOverlong { misbehaved("has sent a line of more than 64 KiB") }
  }

  private func take(_ line: UnsafeRawBufferPointer) {
    var reply = Reply()
    do throws(Malformed) { try reply.read(line, values: scratch) } catch {
      let shown = String(decoding: line.prefix(80), as: UTF8.self)
      return misbehaved("has sent what is no reply of the protocol: \(shown.debugDescription)")
    }
    if reply.kind == .event { return }
    guard let index = outstanding.firstIndex(where: { $0.id == reply.id }) else {
      if let cancelled = cancellations.firstIndex(of: reply.id) {
        cancellations.remove(at: cancelled)
        return
      }
      return misbehaved(
        reply.id > lastID || reply.id < 1
          ? "has answered request \(reply.id), which nobody has sent" : "has answered request \(reply.id) twice")
    }
    let call = outstanding[index]
    guard call.kind.admits(reply.kind) else {
      return misbehaved("has answered '\(call.kind.name)' with '\(reply.kind.word)'")
    }
    if reply.kind == .hello { hello = Array(line) }
    outstanding.remove(at: index)
    call.end(reply, values: scratch)
  }

  // MARK: what goes wrong

  /// It breaks the protocol: from here on nothing that it says can be trusted.
  func misbehaved(_ what: String) {
    program.kill()
    fail("\(name) \(what)")
  }

  /// It has closed a pipe, which it does not do as long as it lives.
  private func hasGone() {
    if isEnding { return fail("\(name) has ended") }
    // Few programs live on when they are asked what they are doing.
    if let silent = outstanding.first(where: { $0.reminder == .questioned }) { return stayedSilent(silent) }
    program.waitForEnd(milliseconds: 500)
    let what = program.ending.map { "ended with \($0)" } ?? "closed its descriptors 3 and 4"
    program.kill()
    let asked = outstanding.first.map { "while '\($0.kind.name)' was not answered" } ?? "while nothing was asked of it"
    fail("\(name) \(what) \(asked)")
  }

  /// Keeps the reason, tells the trial, and lets those go on who wait for replies.
  private func fail(_ message: String) {
    guard failure == nil else { return }
    if !hasClosedOutput { _ = program.readOutput(into: &tail) }
    let reason = SetupFailure(isEnding ? message : message + tail.clause)
    failure = reason
    if !isEnding { giveUp(reason) }
    for call in outstanding { call.wake() }
    outstanding.removeAll(keepingCapacity: true)
    room.signal()
  }

  /// Looks whether somebody has waited too long: first the request is taken back, then the program asked what it is doing,
  /// then ended.
  private func remind() {
    let now = monotonicNow()
    // Who was stopped has waited for nobody meanwhile.
    let late = now &- lastBeat &- 10 &* Self.period
    lastBeat = now
    if late > 0 { for call in outstanding { call.deadline &+= late } }
    let isOver = events.isOver(since: 2_000_000_000)
    for call in outstanding where now > (isOver ? call.limit(of: plan) : call.deadline) {
      switch call.reminder {
      case .none where !isOver && (call.kind == .acquire || call.kind == .perform || call.kind == .release):
        (call.reminder, call.deadline) = (.cancelled, now &+ 5_000_000_000)
        let id = call.id
        tell(.cancel) { writer in
          writer.append(#","request":"#)
          writer.append(id)
        }
      case .none, .cancelled:
        (call.reminder, call.deadline) = (.questioned, now &+ 1_000_000_000)
        program.signal(SIGQUIT)
      case .questioned:
        stayedSilent(call)
        return replies.signal()
      }
    }
  }

  private func stayedSilent(_ call: Call) {
    misbehaved("has not answered '\(call.kind.name)' in time, and was ended")
  }

  // MARK: its output

  private func keepOutput() async {
    while !isEnding {
      if !program.readOutput(into: &tail) { break }
      await output.readable()
    }
    hasClosedOutput = true
  }

  /// Lets go of everything; the program has ended.
  func close() {
    isEnding = true
    if let heartbeat { loop.stop(heartbeat) }
    heartbeat = nil
    output.signal()
    for readiness in [replies, room, output] { readiness.deregister() }
  }
}
