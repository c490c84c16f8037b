internal import Model

/// Runs operations as transactions over lists: the steps in their order, reads of whole lists and appends of elements.
///
/// Every attempt is a transaction of its own in the history: what an attempt that failed has appended must never be seen.
struct ListTransaction<Client: ListClient & ~Copyable>: Strategy, ~Copyable {
  struct Configuration: Sendable {
    let client: Client.Configuration
    let plan: ListPlan.Configuration
  }

  private var client: Client
  private var plan: ListPlan
  /// Of the list that is being read.
  private var elements: [Int64] = []

  private init(client: consuming Client, plan: ListPlan) {
    self.client = client
    self.plan = plan
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    guard let lists = environment.lists else { throw SetupFailure("the workload has no lists") }
    return Configuration(
      client: try Client.configure(environment),
      plan: ListPlan.Configuration(lists: lists, records: environment.records, workers: environment.workers))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ListTransaction<Client> {
    let client = try await Client.open(configuration.client, worker)
    return ListTransaction(client: client, plan: ListPlan(configuration.plan, worker: worker.index))
  }

  mutating func reopen() async throws(SetupFailure) { try await client.reopen() }
  consuming func close() async { await client.close() }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    plan.make(attempt)
    let count = attempt.operation.count
    var hasAppended = false
    do throws(AttemptFailure) {
      try await client.begin(readOnly: attempt.operation.isReadOnly)
      for index in 0..<count {
        if attempt.operation[index].writes {
          try await client.append(plan.element(index), to: plan.list(index))
          hasAppended = true
        } else {
          elements.removeAll(keepingCapacity: true)
          try await client.read(plan.list(index), into: &elements)
          plan.note(elements, index, attempt)
        }
        if index == (count &- 1) / 2 { await attempt.hold() }
      }
      try await client.commit()
      return .committed
    } catch {
      let failure = await client.abandon(error, attempt)
      // A part is in the store already, so it must not count as if nothing had happened.
      throw hasAppended && !Client.hasTransactions ? .ambiguous : failure
    }
  }
}
