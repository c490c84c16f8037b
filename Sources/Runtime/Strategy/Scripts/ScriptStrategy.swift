public import Model
internal import Scripts

/// Runs a user's scripts: one operation is one run of one of them, from its first command to its last.
///
/// Every attempt at an operation draws the same values and begins with the same variables. What is acknowledged stands
/// in the ledger as unknown before the statement that decides is sent, so that it is counted whatever becomes of the worker.
public struct ScriptStrategy<Client: ScriptClient & ~Copyable>: Strategy, ~Copyable {
  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let client: Client.Configuration
    let program: ScriptProgram
    let steps: ScriptSteps
    let interval: Int64?
    let seed: UInt64
  }

  private var client: Client
  private var variables: ScriptVariables
  private let program: ScriptProgram
  private let steps: ScriptSteps
  private var auditor: ScriptAuditor<Client>?
  private let seed: UInt64
  /// The operation whose variables are set.
  private var operation: Int64 = 0
  private var progress = ScriptProgress()
  private var pending: [Int64]

  /// Compiles the scripts and configures the client.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let program = try environment.program()
    return Configuration(
      client: try Client.configure(environment), program: program, steps: ScriptSteps(program),
      interval: environment.script?.interval?.nanoseconds, seed: environment.seed)
  }

  /// Opens the client; with the first worker also an auditor's, if invariants are looked at while transactions run.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ScriptStrategy<Client> {
    let client = try await Client.open(configuration.client, worker)
    var strategy = ScriptStrategy(client, configuration, worker)
    if worker.index == 0, let interval = configuration.interval {
      let session = try await Client.open(configuration.client, worker)
      strategy.auditor = ScriptAuditor(session, configuration.program, every: interval, worker)
      strategy.auditor?.start()
    }
    return strategy
  }

  private init(_ client: consuming Client, _ configuration: Configuration, _ worker: WorkerContext) {
    self.client = client
    program = configuration.program
    steps = configuration.steps
    var random = worker.random
    seed = random.next()
    variables = ScriptVariables(program, worker: worker.index, seed: configuration.seed)
    pending = Array(repeating: 0, count: program.acknowledgements.count)
  }

  /// Replaces the session.
  public mutating func reopen() async throws(SetupFailure) { try await client.reopen() }

  /// Ends the auditor and closes the session.
  public consuming func close() async {
    auditor?.end()
    await client.close()
  }

  /// Runs the script that the operation stands for.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let index = Int(attempt.operation[0].key)
    let number = attempt.identity.number
    if number == operation {
      variables.rewind()
    } else {
      operation = number
      variables.begin(RandomSource(seed: seed, stream: UInt64(number)))
    }
    progress = ScriptProgress()
    do throws(AttemptFailure) {
      let isRefused = try await run(index, &attempt)
      if client.isInTransaction {
        attempt.note(
          error: "\(program.transactions[index].name): the script ends inside a transaction; COMMIT is missing")
        throw .error
      }
      return try conclude(index, isRefused: isRefused, attempt)
    } catch {
      let failure = await client.abandon(error, attempt)
      let isPartial = progress.hasStored && failure != .ambiguous
      if isPartial {
        attempt.note(
          error:
            "\(program.transactions[index].name): a statement outside a transaction was stored, then the script failed; "
            + "put BEGIN and COMMIT around it")
      }
      // What may be in the store stays unknown in the ledger.
      if failure == .ambiguous || isPartial {
        for index in pending.indices { pending[index] = 0 }
        throw .ambiguous
      }
      withdraw(attempt)
      throw failure
    }
  }

  /// Whether the answers were such that nothing is to be stored.
  private mutating func run(_ index: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    let first = steps.first(index)
    let count = steps.count(index)
    var position = 0
    while position < count {
      let step = first[position]
      position += 1
      switch step.action {
      case .statement:
        if try await run(step, of: index, &attempt) {
          await client.rollBack()
          return true
        }
      case .set: variables.set(step.index, try evaluate(steps.expressions[step.expression], attempt))
      case .jump: position = step.index
      case .jumpUnless:
        if try !holds(steps.expressions[step.expression], attempt) { position = step.index }
      case .sleep: try await sleep(steps.expressions[step.expression], step.nanoseconds, attempt)
      case .hold: await attempt.hold()
      case .enter: attempt.enterSection(section)
      case .leave: attempt.leaveSection(section)
      case .startPipeline:
        try client.startPipeline()
        progress.isPipelined = true
      case .synchronisePipeline: try await synchronise(index, attempt)
      case .endPipeline:
        try await synchronise(index, attempt)
        try await client.endPipeline()
        progress.isPipelined = false
      }
    }
    return false
  }

  /// The record whose mark stands for the critical section of all scripts.
  private var section: Int32 { Int32(program.transactions.count + program.acknowledgements.count) }

  private func sleepFailure(_ expression: ScriptExpression, _ attempt: Attempt) -> AttemptFailure {
    attempt.note(error: "\(expression.place.text): \\sleep needs a number that is not negative")
    return .error
  }

  private mutating func sleep(
    _ expression: ScriptExpression, _ unit: Int64, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    guard case .integer(let count) = try evaluate(expression, attempt), count >= 0,
      case (let nanoseconds, false) = count.multipliedReportingOverflow(by: unit)
    else { throw sleepFailure(expression, attempt) }
    await attempt.sleep(nanoseconds: nanoseconds)
  }

  // MARK: statements

  /// Runs a statement; true when its answer means that the business rule says no.
  private mutating func run(
    _ step: ScriptSteps.Step, of index: Int, _ attempt: inout Attempt
  ) async throws(AttemptFailure) -> Bool {
    let decides = progress.decides(step.kind, isInTransaction: client.isInTransaction)
    if decides { announce(index, attempt) }
    let rows: Int
    do throws(AttemptFailure) {
      rows = try await client.run(script: index, statement: step.index, &variables, decides: decides)
    } catch {
      if error.breaksSession { throw error }
      return try judge(error, of: program.transactions[index].statements[step.index], attempt)
    }
    progress.noteEnd(step.kind)
    if progress.isPipelined { return false }
    if step.hasRules {
      let statement = program.transactions[index].statements[step.index]
      if let meaning = statement.meaning(ofRows: rows) { return try follow(meaning, else: .error, statement, attempt) }
    }
    if step.expectsRows && rows == 0 {
      attempt.count(.changesOfNothing)
    } else if decides {
      progress.hasStored = true
    }
    return false
  }

  /// What an error means by the rules of its statement.
  private func judge(
    _ failure: AttemptFailure, of statement: ScriptStatement, _ attempt: Attempt
  ) throws(AttemptFailure) -> Bool {
    for rule in statement.rules {
      if case .error(let code) = rule.condition, client.lastError(is: code) {
        return try follow(rule.meaning, else: failure, statement, attempt)
      }
    }
    throw failure
  }

  private func follow(
    _ meaning: ScriptRule.Meaning, else failure: AttemptFailure, _ statement: ScriptStatement, _ attempt: Attempt
  ) throws(AttemptFailure) -> Bool {
    switch meaning {
    case .conflict, .retry: throw .conflict
    case .refused: return true
    case .ignore: return false
    case .fail:
      attempt.note(error: "\(statement.place.text): the script says that this answer is a failure")
      throw failure
    }
  }

  private mutating func synchronise(_ index: Int, _ attempt: Attempt) async throws(AttemptFailure) {
    // Which of the statements decided is not told apart: one of them may have.
    announce(index, attempt)
    try await client.synchronisePipeline(decides: true)
    if !client.isInTransaction { progress.hasStored = true }
  }

  // MARK: expressions

  private mutating func evaluate(
    _ expression: ScriptExpression, _ attempt: Attempt
  ) throws(AttemptFailure) -> ScriptValue {
    do throws(ScriptEvaluationFailure) { return try variables.evaluate(expression) } catch {
      throw failure(error, expression, attempt)
    }
  }

  private mutating func holds(_ expression: ScriptExpression, _ attempt: Attempt) throws(AttemptFailure) -> Bool {
    do throws(ScriptEvaluationFailure) { return try variables.holds(expression) } catch {
      throw failure(error, expression, attempt)
    }
  }

  private func failure(
    _ error: ScriptEvaluationFailure, _ expression: ScriptExpression, _ attempt: Attempt
  ) -> AttemptFailure {
    attempt.note(error: "\(expression.place.text): \(expression.text): \(error.message)")
    return .error
  }

  // MARK: what is acknowledged

  /// Amounts that are not known yet count as nothing: see ``Scripts/ScriptAcknowledgement/isLate``.
  private mutating func announce(_ index: Int, _ attempt: Attempt) {
    guard !program.acknowledgements.isEmpty, !progress.hasAnnounced else { return }
    progress.hasAnnounced = true
    for acknowledgement in program.transactions[index].acknowledgements {
      guard let amount = try? variables.evaluate(acknowledgement.amount).amount else { continue }
      pending[acknowledgement.index] &+= amount
      attempt.announce(amount, to: record(acknowledgement))
    }
  }

  /// Nothing of the operation is in the store.
  private mutating func withdraw(_ attempt: Attempt) {
    guard progress.hasAnnounced else { return }
    for index in pending.indices where pending[index] != 0 {
      attempt.withdraw(pending[index], from: Int32(program.transactions.count + index))
      pending[index] = 0
    }
  }

  private mutating func conclude(
    _ index: Int, isRefused: Bool, _ attempt: Attempt
  ) throws(AttemptFailure) -> AttemptResult {
    var isRefused = isRefused || progress.endedInRollback
    if steps.concludesAtOnce[index] && !isRefused {
      attempt.values[0] = 0
      return .committed
    }
    let script = program.transactions[index]
    for refusal in script.refusals where !isRefused { isRefused = try holds(refusal, attempt) }
    if isRefused {
      withdraw(attempt)
      return .refused
    }
    for acknowledgement in script.acknowledgements {
      let value = try evaluate(acknowledgement.amount, attempt)
      if value == .null { continue }
      guard let amount = value.amount else {
        throw failure(ScriptEvaluationFailure("an amount must be a number"), acknowledgement.amount, attempt)
      }
      attempt.acknowledge(amount, in: record(acknowledgement))
    }
    withdraw(attempt)
    attempt.values[0] = 0
    return .committed
  }

  private func record(_ acknowledgement: ScriptAcknowledgement) -> Int32 {
    Int32(program.transactions.count + acknowledgement.index)
  }
}

extension ScriptValue {
  /// What is added to an acknowledged sum; nil for what is no number of 64 bits.
  fileprivate var amount: Int64? {
    switch self {
    case .integer(let value): value
    case .double(let value): value.magnitude < 0x1p62 ? Int64(value.rounded(.toNearestOrEven)) : nil
    case .null, .boolean, .text: nil
    }
  }
}
