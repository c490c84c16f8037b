import Model
import Runtime

/// The records of the memory store, read and written as plain memory: a lock around it must order what it protects.
/// ThreadSanitizer reports a lock that does not, which atomic loads and stores would hide from it.
struct PlainRecords: StoreClient, ~Copyable {
  let records: Records

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records { environment.records }

  static func open(_ records: Records, _ worker: WorkerContext) async throws(SetupFailure) -> PlainRecords {
    PlainRecords(records: records)
  }

  mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count { attempt.values[index] = word(attempt, index).pointee }
  }

  mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      word(attempt, index).pointee = attempt.values[index]
    }
  }

  private func word(_ attempt: borrowing Attempt, _ index: Int) -> UnsafeMutablePointer<Int64> {
    UnsafeMutableRawPointer(records.value(attempt.operation[index].key)).assumingMemoryBound(to: Int64.self)
  }
}

/// A lock that everybody gets at once, for strategies that block.
struct NoLock: BlockingLock, ~Copyable {
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) {}
  static func open(_ configuration: Void, _ worker: WorkerContext) throws(SetupFailure) -> NoLock { NoLock() }
  mutating func acquire(_ key: Int32, shared: Bool) {}
  mutating func release(_ key: Int32, shared: Bool) {}
}

/// The same for those that suspend.
struct OpenLock: LockClient, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "memory.open", summary: "a lock that everybody gets at once",
    documentation: Documentation(
      floor: "a planted fault.", algorithm: "none.", guarantees: "nothing.", roundTrips: "0."),
    store: "memory", scope: .process, threading: .perWorker)

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) {}

  static func open(_: Void, _ worker: WorkerContext) async throws(SetupFailure) -> OpenLock { OpenLock() }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {}

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {}
}
