#if Etcd
@preconcurrency internal import Glibc
internal import NetworkTransport
internal import Model
internal import Runtime

/// The keys of a run: made, seeded, read and removed by the driver.
final class EtcdAdministration: StoreAdministration {
  private let endpoints: Endpoints
  private let keys: Keys
  private let connection: BlockingGRPCConnection
  private var recordCount = 0

  /// Connects.
  init(url: String, namespace: String) throws(SetupFailure) {
    endpoints = try Endpoints(url: url)
    keys = Keys(namespace: namespace)
    connection = BlockingGRPCConnection(endpoints)
    _ = try connection.require(StatusRequest())
  }

  /// Records per transaction; the server allows 128 keys by default, and a record is two when it is seeded.
  private static let batch = 60

  /// Nothing is kept between two calls but the connection, which is made anew when it was lost.
  func endSession() { connection.close() }

  // MARK: around a trial

  func prepare(values: [Int64]) throws(SetupFailure) {
    recordCount = values.count
    try delete(keys.locks)
    for start in stride(from: 0, to: values.count, by: Self.batch) {
      let puts = (start..<min(start + Self.batch, values.count)).flatMap { record in
        [
          PutRequest(key: keys.record(Int32(record)), value: String(values[record])),
          PutRequest(key: keys.fence(Int32(record)), value: Keys.digits(0)),
        ].map(TransactionRequest.Step.put)
      }
      _ = try connection.require(TransactionRequest(then: puts))
    }
  }

  private func delete(_ prefix: String) throws(SetupFailure) {
    _ = try connection.require(DeleteRequest(keys: .prefix(prefix)))
  }

  /// Waits until no session of the run's workers is left. The lease of a process that was killed lasts until it expires;
  /// after half of the time its keys are removed, for its requests have long been carried out.
  func settle(within limit: Duration) throws(SetupFailure) {
    let start = ContinuousClock.now
    while true {
      let left = try connection.require(RangeRequest(keys: .prefix(keys.sessions), countsOnly: true)).count
      if left == 0 { return }
      let waited = ContinuousClock.now - start
      if waited >= limit {
        throw SetupFailure("\(left) sessions of workers are still open in etcd at \(endpoints) after \(limit)")
      }
      if waited >= limit / 2 {
        try delete(keys.locks)
        try delete(keys.sessions)
      }
      usleep(2000)
    }
  }

  func values() throws(SetupFailure) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(recordCount)
    for start in stride(from: 0, to: recordCount, by: Self.batch) {
      let ranges = (start..<min(start + Self.batch, recordCount)).map { record in
        TransactionRequest.Step.range(RangeRequest(keys: .one(keys.record(Int32(record)))))
      }
      for range in try connection.require(TransactionRequest(then: ranges)).ranges {
        guard let value = range.pairs.first?.number else {
          throw SetupFailure("record \(values.count) is missing in etcd at \(endpoints)")
        }
        values.append(value)
      }
    }
    return values
  }

  /// None: the server counts by kind of request, whoever's they are.
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  // MARK: description and removal

  func describe() throws(SetupFailure) -> ServerDescription {
    let version = try connection.require(StatusRequest()).version
    let members = try connection.require(MemberListRequest()).count
    return ServerDescription(version: version.isEmpty ? "unknown" : version, settings: ["members": "\(members)"])
  }

  func remove() throws(SetupFailure) { try delete(keys.all) }
}
#endif
