internal import Model
internal import Runtime

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

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    let shared = operation.isReadOnly
    for index in 0..<operation.count { lock.acquire(operation[index].key, shared: shared) }
    attempt.enter()
    records.load(attempt)
    attempt.holdThread()
    let decision = attempt.decide()
    if decision == .write { records.store(attempt) }
    attempt.leave()
    var index = operation.count
    while index > 0 {
      index &-= 1
      lock.release(operation[index].key, shared: shared)
    }
    return decision == .refuse ? .refused : .committed
  }
}
