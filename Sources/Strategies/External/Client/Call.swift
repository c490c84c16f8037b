internal import Model
internal import Runtime

/// The request of a worker that its adapter has not answered, or the answer. Each worker has one, for all its requests.
final class Call {
  /// The reply to the last request; meaningful when it was answered.
  var reply = Reply()
  /// The values of the last reply.
  let values = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
  private(set) var id: Int64 = 0
  private(set) var kind = RequestKind.hello
  /// Whether the reply has come.
  private(set) var isAnswered = true
  /// When patience ends, a moment of ``monotonicNow()``.
  var deadline: Int64 = 0
  /// What has been done about a reply that does not come.
  var reminder = Reminder.none
  /// Wakes the worker when another one reads for it.
  private let signal: Readiness
  private(set) var isWaiting = false

  /// What has been done about a reply that does not come.
  enum Reminder {
    case none
    /// It was told to give the request up.
    case cancelled
    /// It was asked to tell what it is doing (SIGQUIT), before it is ended.
    case questioned
  }

  init(on loop: EventLoop) { signal = loop.makeSignal() }

  deinit { values.deallocate() }

  /// Another request was sent.
  func begin(_ id: Int64, _ kind: RequestKind, deadline: Int64) {
    (self.id, self.kind, self.deadline) = (id, kind, deadline)
    (isAnswered, reminder) = (false, .none)
  }

  /// When patience ends once the trial is over, which then waits for nothing but this.
  func limit(of plan: AdapterPlan) -> Int64 {
    reminder == .none ? deadline &- plan.leaseMilliseconds &* 1_000_000 &- 3_000_000_000 : deadline
  }

  /// The reply is there.
  func end(_ reply: Reply, values: UnsafeMutablePointer<Int64>) {
    self.reply = reply
    for index in 0..<reply.values { self.values[index] = values[index] }
    isAnswered = true
    wake()
  }

  /// Waits until somebody wakes the worker.
  func wait() async {
    isWaiting = true
    await signal.readable()
    isWaiting = false
  }

  /// Wakes the worker if it waits.
  func wake() { if isWaiting { signal.signal() } }
}
