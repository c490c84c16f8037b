#if DynamoDB
@preconcurrency internal import Glibc
internal import NetworkTransport
internal import Model
internal import Runtime

/// The table of a run: made, filled, read and deleted by the driver.
///
/// Requests are single: there are no sessions that could be seen or ended. What a worker process that was killed had sent
/// is carried out within milliseconds, long before the values are read.
final class DynamoDBAdministration: StoreAdministration {
  private let configuration: DynamoDBConfiguration
  private let connection: BlockingHTTPConnection
  private var signer: RequestSigner
  private var hasTable = false
  /// The answer to its creation was lost: the table may be there.
  private var mayHaveTable = false
  private var isActive = false
  private var recordCount = 0

  /// Items per `BatchWriteItem`, as the service allows.
  private static let batch = 25
  /// How long a table may take to become active or to vanish.
  private static let patience = Duration.seconds(60)

  /// Checks the URL and the credentials; connects.
  init(url: String, namespace: String) throws(SetupFailure) {
    configuration = try DynamoDBConfiguration(url: url, namespace: namespace)
    signer = configuration.signer
    connection = BlockingHTTPConnection(Endpoints([configuration.endpoint]))
    _ = try require("ListTables", "{\"Limit\":1}")
  }

  private func ask(_ action: String, _ body: String) -> Answer {
    Answer(connection.ask("/", headers: signer.headers(action, body), body))
  }

  private func require(_ action: String, _ body: String) throws(SetupFailure) -> JSONValue {
    try required(ask(action, body), action)
  }

  private func required(_ answer: Answer, _ action: String) throws(SetupFailure) -> JSONValue {
    switch answer {
    case .success(let value): return value
    case .lost: throw connection.endpoints.unreachable("DynamoDB", connection.problem)
    case let answer: throw SetupFailure("DynamoDB at \(configuration.endpoint), \(action): \(answer.text)")
    }
  }

  private var table: String { Request.table(configuration.table) }

  func standBy() { mayHaveTable = true }

  // MARK: around a trial

  func prepare(values: [Int64]) throws(SetupFailure) {
    if !hasTable { try createTable() }
    if !isActive { try waitUntilActive() }
    recordCount = values.count
    for start in stride(from: 0, to: values.count, by: Self.batch) {
      try fill((start..<min(start + Self.batch, values.count)).map { Request.put($0, values[$0]) })
    }
  }

  private func createTable() throws(SetupFailure) {
    let answer = ask("CreateTable", "{\(table),\(Request.keySchema)}")
    // A table that was there before the first try belongs to somebody else, and is neither used nor removed.
    if !(mayHaveTable || connection.hasRepeated) || !answer.isRefusal(named: "ResourceInUseException") {
      if case .lost = answer { mayHaveTable = true }
      _ = try required(answer, "CreateTable")
    }
    hasTable = true
  }

  private func waitUntilActive() throws(SetupFailure) {
    let start = ContinuousClock.now
    while try require("DescribeTable", "{\(table)}")["Table"]?["TableStatus"]?.text != "ACTIVE" {
      if ContinuousClock.now - start > Self.patience {
        throw SetupFailure("the table \(configuration.table) of DynamoDB was not active after \(Self.patience)")
      }
      usleep(100_000)
    }
    isActive = true
  }

  /// Writes a batch. What the service leaves over for lack of capacity is not said by number, so that all is sent again.
  private func fill(_ puts: [String]) throws(SetupFailure) {
    let body = "{\"RequestItems\":{\"\(configuration.table)\":[\(puts.joined(separator: ","))]}}"
    for attempt in 0..<10 {
      let left = try require("BatchWriteItem", body)["UnprocessedItems"]?[configuration.table]?.elements ?? []
      if left.isEmpty { return }
      usleep(50_000 << UInt32(attempt))
    }
    throw SetupFailure("DynamoDB at \(configuration.endpoint) does not take the records: too little write capacity")
  }

  func settle(within limit: Duration) throws(SetupFailure) {}

  func values() throws(SetupFailure) -> [Int64] {
    var values = [Int64?](repeating: nil, count: recordCount)
    var start = ""
    repeat {
      let page = try require("Scan", "{\(table),\"ConsistentRead\":true\(start)}")
      for item in page["Items"]?.elements ?? [] {
        if let record = item["id"]?["S"]?.number.map(Int.init), values.indices.contains(record) {
          values[record] = item["amount"]?["N"]?.number
        }
      }
      let last = page["LastEvaluatedKey"]?["id"]?["S"]?.text
      start = last.map { ",\"ExclusiveStartKey\":{\"id\":{\"S\":\"\($0)\"}}" } ?? ""
    } while !start.isEmpty
    let found = values.compactMap(\.self)
    if found.count < recordCount {
      throw SetupFailure("\(recordCount - found.count) records are missing in DynamoDB at \(configuration.endpoint)")
    }
    return found
  }

  /// None: the service meters capacity, not requests of a client.
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  // MARK: description and removal

  func describe() throws(SetupFailure) -> ServerDescription {
    ServerDescription(version: "API 2012-08-10", settings: ["region": configuration.region])
  }

  func remove() throws(SetupFailure) {
    guard hasTable || mayHaveTable else { return }
    let answer = ask("DeleteTable", "{\(table)}")
    // It was never made, or the first try has deleted it.
    if !answer.isRefusal(named: "ResourceNotFoundException") { _ = try required(answer, "DeleteTable") }
    (hasTable, mayHaveTable, isActive) = (false, false, false)
  }

  func endSession() { connection.close() }
}
#endif
