public import Model
public import Runtime
internal import Synchronization

/// The memory store without protection, for locks in a server: values in shared memory, read and written one word at a
/// time.
public struct MemoryRecords: StoreClient, ~Copyable {
  private let records: Records

  /// All workers use the shared memory of the trial.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records {
    environment.records
  }

  /// Nothing to connect to.
  public static func open(_ records: Records, _ worker: WorkerContext) async throws(SetupFailure) -> MemoryRecords {
    MemoryRecords(records: records)
  }

  /// Loads the value of each step.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) { records.load(attempt) }

  /// Stores the value of each step that changes something.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) { records.store(attempt) }
}

/// Unprotected access to the values of an operation.
///
/// Loads and stores are relaxed atomics: a data race in the sense of the language would let the compiler fold the
/// loop, and the point is to lose updates the way correct code loses them.
extension Records {
  /// Loads the value of each step.
  @inline(__always) func load(_ attempt: Attempt) {
    let operation = attempt.operation
    var index = 0
    while index < operation.count {
      attempt.values[index] = value(operation[index].key).pointee.load(ordering: .relaxed)
      index &+= 1
    }
  }

  /// Stores the value of each step that changes something.
  @inline(__always) func store(_ attempt: Attempt) {
    let operation = attempt.operation
    var index = 0
    while index < operation.count {
      if operation[index].writes {
        value(operation[index].key).pointee.store(attempt.values[index], ordering: .relaxed)
      }
      index &+= 1
    }
  }
}
