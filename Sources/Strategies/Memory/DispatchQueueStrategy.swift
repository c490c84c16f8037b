internal import Dispatch
public import Model
public import Runtime
internal import Synchronization

/// `memory.dispatch-queue`: one serial `DispatchQueue` per record; an operation is one block.
public struct DispatchQueueStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "one serial `DispatchQueue` per record; an operation is one block.",
    algorithm: """
      `queue.sync`, which runs the block on the thread of the caller as soon as those that came before have ended; a
      caller that must wait sleeps in the kernel. An operation on several records nests its calls, in the order of the
      steps.
      """,
    guarantees: "mutual exclusion between the threads of one process, first come, first served.",
    doesNotGuarantee: """
      anything between processes. A block that calls `sync` on its own queue waits for itself; workers that lock several
      records in different orders wait for each other for ever.
      """,
    failureWindow: "when the process dies, the queue dies with the data it guards.",
    roundTrips: "0.",
    source: "swift-corelibs-libdispatch, `dispatch_sync`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.dispatch-queue", summary: "serial DispatchQueue per record, sync", documentation: documentation,
    store: "memory", scope: .process, threading: .perWorker, returnsValues: true)
  private let queues: [DispatchQueue]
  private let records: Records

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let queues: [DispatchQueue]
    let records: Records
  }

  /// Makes one queue per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      queues: (0..<environment.records.count).map { DispatchQueue(label: "record \($0)") },
      records: environment.records)
  }

  /// All workers share the queues.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) throws(SetupFailure) -> DispatchQueueStrategy {
    DispatchQueueStrategy(queues: configuration.queues, records: configuration.records)
  }

  /// Runs the operation inside all of its queues.
  public mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    change(&attempt, from: 0) == .refuse ? .refused : .committed
  }

  private func change(_ attempt: inout Attempt, from index: Int) -> Decision {
    if index < attempt.operation.count {
      return queues[Int(attempt.operation[index].key)].sync { change(&attempt, from: index + 1) }
    }
    attempt.enter()
    records.load(attempt)
    attempt.holdThread()
    let decision = attempt.decide()
    if decision == .write { records.store(attempt) }
    attempt.leave()
    return decision
  }
}
