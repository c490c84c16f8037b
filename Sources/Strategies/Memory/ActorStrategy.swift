public import Model
public import Runtime

/// `memory.actor`: a Swift actor that owns all records; an operation is one call.
public struct ActorStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a Swift actor that owns all records; an operation is one call.",
    algorithm: """
      the actor runs one call at a time; a worker whose call must wait is suspended and its thread goes to sleep.
      Workers keep their threads: the actor's calls run on the thread of the worker that made them.
      """,
    guarantees: "mutual exclusion between the tasks of one process, for any number of records at once.",
    doesNotGuarantee: """
      order of arrival, or that operations on different records run side by side: there is one actor. Nothing between
      processes. Exclusion ends at every `await` inside the actor, so the hold time blocks the thread.
      """,
    failureWindow: "when the process dies, the actor dies with the data it guards.",
    roundTrips: "0.",
    source: #"Swift Evolution SE-0306 "Actors", SE-0417 "Task Executor Preference"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.actor", summary: "a Swift actor that owns all records", documentation: documentation, store: "memory",
    scope: .process, threading: .perWorker, returnsValues: true)
  private let owner: RecordOwner

  /// Makes the actor.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RecordOwner {
    RecordOwner(environment.records)
  }

  /// All workers share the actor.
  public static func open(
    _ owner: RecordOwner, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ActorStrategy {
    ActorStrategy(owner: owner)
  }

  /// Lends the attempt to the actor for one call.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let (returned, result) = await owner.perform(Loan(attempt: attempt))
    attempt = returned.attempt
    return result
  }
}

/// Owns the records.
public actor RecordOwner {
  private let records: Records

  init(_ records: Records) { self.records = records }

  /// Reads, decides and writes without a suspension, so nobody comes between.
  fileprivate func perform(_ loan: Loan) -> (Loan, AttemptResult) {
    var loan = loan
    loan.attempt.enter()
    records.load(loan.attempt)
    loan.attempt.holdThread()
    let decision = loan.attempt.decide()
    if decision == .write { records.store(loan.attempt) }
    loan.attempt.leave()
    return (loan, decision == .refuse ? .refused : .committed)
  }
}

/// An attempt on its way to the actor and back.
private struct Loan: @unchecked Sendable {  // because the worker waits and does not use the attempt meanwhile
  var attempt: Attempt
}
