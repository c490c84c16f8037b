internal import Model
internal import Runtime
internal import Synchronization

/// A blocking lock around an unprotected read, decision and write of the memory store.
///
/// Locks are taken in the order of the operation's steps and given back in reverse. Operations that only read take
/// shared locks where the lock knows them.
struct Guarded<Lock: BlockingLock & ~Copyable>: BlockingStrategy, ~Copyable {
  private var lock: Lock
  private let records: Records

  struct Configuration: Sendable {
    let lock: Lock.Configuration
    let records: Records
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(lock: try Lock.configure(environment), records: environment.records)
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> Guarded<Lock> {
    Guarded(lock: try Lock.open(configuration.lock, worker), records: configuration.records)
  }

  @inline(__always) mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let shared = attempt.operation.isReadOnly
    let decision: Decision
    if attempt.operation.count == 1 {
      let key = attempt.operation[0].lock
      lock.acquire(key, shared: shared)
      decision = changeOne(&attempt)
      lock.release(key, shared: shared)
    } else {
      decision = changeAll(&attempt, shared: shared)
    }
    return decision == .refuse ? .refused : .committed
  }

  /// The usual case: a single record, whose value stays in a register.
  @inline(__always) private func changeOne(_ attempt: inout Attempt) -> Decision {
    attempt.enter()
    // Not with `defer`, which the compiler makes a function of that it does not inline.
    let decision = changeOneInside(&attempt)
    attempt.leave()
    return decision
  }

  @inline(__always) private func changeOneInside(_ attempt: inout Attempt) -> Decision {
    let operation = attempt.operation
    let step = operation[0]
    let value = records.value(step.key)
    let old = value.pointee.load(ordering: .relaxed)
    attempt.holdThread()
    guard let new = step.apply(to: old, token: operation.token) else { return .refuse }
    attempt.values[0] = new
    if operation.isReadOnly { return .readOnly }
    value.pointee.store(new, ordering: .relaxed)
    return .write
  }

  private mutating func changeAll(_ attempt: inout Attempt, shared: Bool) -> Decision {
    let operation = attempt.operation
    for index in 0..<operation.count where operation.takesLock(index) {
      lock.acquire(operation[index].lock, shared: shared)
    }
    attempt.enter()
    records.load(attempt)
    attempt.holdThread()
    let decision = attempt.decide()
    if decision == .write { records.store(attempt) }
    attempt.leave()
    for index in (0..<operation.count).reversed() where operation.takesLock(index) {
      lock.release(operation[index].lock, shared: shared)
    }
    return decision
  }
}
