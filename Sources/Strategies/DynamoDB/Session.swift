#if DynamoDB
internal import NetworkTransport
internal import Model
internal import Runtime

/// One worker's connection, and what it knows of the records of an attempt.
final class Session {
  let configuration: DynamoDBConfiguration
  private let connection: HTTPConnection
  private var signer: RequestSigner
  private let events: EventCounter
  /// The versions of the records of an attempt, one per step.
  private let versions = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

  init(_ configuration: DynamoDBConfiguration, _ worker: WorkerContext) {
    self.configuration = configuration
    signer = configuration.signer
    events = worker.events
    connection = HTTPConnection(Endpoints([configuration.endpoint]), worker.loop)
  }

  deinit { versions.deallocate() }

  /// Connects, if that has not been done.
  func open() async throws(SetupFailure) {
    if await connection.open() { return }
    throw connection.endpoints.unreachable("DynamoDB", connection.problem)
  }

  func close() { connection.close() }

  /// Sends a request, and returns what it got.
  func ask(_ action: String, _ body: String) async -> Answer {
    events.add(.statements)
    return Answer(await connection.ask("/", headers: signer.headers(action, body), body))
  }

  /// The object of a success; throws how the attempt failed otherwise.
  func require(_ answer: Answer, decides: Bool, _ attempt: Attempt) throws(AttemptFailure) -> JSONValue {
    if case .success(let value) = answer { return value }
    let failure = answer.failure(decides: decides) ?? .error
    if failure == .error { attempt.note(error: "DynamoDB: \(answer.text)") }
    throw failure
  }

  // MARK: records

  /// Reads the records of all steps: one strongly consistent read, or one transaction of reads.
  func read(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count == 1 {
      let answer = await ask("GetItem", Request.get(configuration.table, operation[0].key))
      return try take(try require(answer, decides: false, attempt)["Item"], at: 0, attempt)
    }
    let reads = (0..<operation.count).map { Request.transactGet(configuration.table, operation[$0].key) }
    let answer = await ask("TransactGetItems", "{\"TransactItems\":[\(reads.joined(separator: ","))]}")
    let items = try require(answer, decides: false, attempt)["Responses"]?.elements ?? []
    for index in 0..<operation.count {
      try take(items.indices.contains(index) ? items[index]["Item"] : nil, at: index, attempt)
    }
  }

  private func take(_ item: JSONValue?, at index: Int, _ attempt: Attempt) throws(AttemptFailure) {
    guard let value = item?["amount"]?["N"]?.number, let version = item?["version"]?["N"]?.number else {
      attempt.note(error: "DynamoDB: item \(attempt.operation[index].key) is missing from the table")
      throw .error
    }
    attempt.values[index] = value
    versions[index] = version
  }

  /// Writes the records of all steps that are not reads, whatever they are by now: one after the other.
  func overwrite(_ attempt: Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      let update = write(index, attempt, ifVersion: nil)
      _ = try require(await ask("UpdateItem", "{\(update)}"), decides: true, attempt)
    }
  }

  /// Writes the records of all steps that are not reads if nobody has written any of the records since they were read.
  ///
  /// - Throws: a conflict when somebody has.
  func writeIfUnchanged(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count == 1 {
      let update = write(0, attempt, ifVersion: versions[0])
      _ = try require(await ask("UpdateItem", "{\(update)}"), decides: true, attempt)
      return
    }
    let items = (0..<operation.count).map { index in
      if operation[index].writes { return "{\"Update\":{\(write(index, attempt, ifVersion: versions[index]))}}" }
      let check = Request.check(configuration.table, operation[index].key, version: versions[index])
      return "{\"ConditionCheck\":{\(check)}}"
    }
    let answer = await ask("TransactWriteItems", "{\"TransactItems\":[\(items.joined(separator: ","))]}")
    _ = try require(answer, decides: true, attempt)
  }

  private func write(_ index: Int, _ attempt: Attempt, ifVersion version: Int64?) -> String {
    Request.write(configuration.table, attempt.operation[index].key, attempt.values[index], ifVersion: version)
  }
}
#endif
