#if Etcd
internal import Model
internal import Runtime

/// Leases as values of keys, each with the revision of its last write: what the API server of Kubernetes keeps there.
struct EtcdLeases: LeaseRecords, ~Copyable {
  private let session: Session
  private let events: EventCounter

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> EtcdLeases {
    let session = Session(configuration, worker)
    try await session.open()
    return EtcdLeases(session: session, events: worker.events)
  }

  private init(session: Session, events: EventCounter) {
    self.session = session
    self.events = events
  }

  private func name(_ key: Int32) -> String { session.configuration.keys.lock(key) }

  mutating func get(_ key: Int32) async throws(AttemptFailure) -> LeaseRecord? {
    let found = try await session.perform(RangeRequest(keys: .one(name(key))))
    guard let pair = found.pairs.first else { return nil }
    let numbers = pair.value.split(separator: UInt8(ascii: " ")).compactMap { part in
      part.withUnsafeBytes { Int64(decimal: $0) }
    }
    guard numbers.count == 3 else { throw .error }
    return LeaseRecord(
      holder: numbers[0], duration: numbers[1], transitions: numbers[2], version: pair.modRevision)
  }

  mutating func create(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    try await put(key, record, if: .isMissing(name(key)))
  }

  mutating func update(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    try await put(key, record, if: .isUnchanged(name(key), since: record.version))
  }

  private func put(
    _ key: Int32, _ record: LeaseRecord, if condition: TransactionRequest.Condition
  ) async throws(AttemptFailure) -> Int64? {
    let value = "\(record.holder) \(record.duration) \(record.transitions)"
    let answer = try await session.perform(
      TransactionRequest(conditions: [condition], then: [.put(PutRequest(key: name(key), value: value))]))
    return answer.hasSucceeded ? answer.header.revision : nil
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  mutating func end() async { await session.close() }
  consuming func close() async { await session.close() }
}
#endif
