import Model
import Runtime
import TrialSupport

/// Leases in memory, for the workers of one thread; who creates the first one may be cut off for a while: what it asks
/// then is not answered before the end of that.
struct MemoryLeases: LeaseRecords, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "test.observed-lease", summary: "an observed lease", documentation: .sample, store: "memory",
    options: LeaseTimes.options + [
      OptionSpecification(
        "cut-after", .duration(.zero...(.seconds(36000))), default: .duration(.seconds(36000)),
        "How long after its election the first leader reaches nobody any more."),
      OptionSpecification(
        "cut-for", .duration(.zero...(.seconds(36000))), default: .duration(.seconds(40)), "For how long it does not."),
    ], scope: .process, threading: .shared, applicability: .election, returnsValues: true)

  final class Table: @unchecked Sendable {  // because all workers share a thread
    var records: [Int32: LeaseRecord] = [:]
    let cutAfter: Int64
    let cutFor: Int64
    /// Who led first, and since when.
    var first: (index: Int, moment: Int64)?

    init(_ options: Options) {
      cutAfter = options.duration("cut-after").nanoseconds
      cutFor = options.duration("cut-for").nanoseconds
    }
  }

  private let table: Table
  private let index: Int
  private let loop: EventLoop

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Table {
    Table(environment.options)
  }

  static func open(_ table: Table, _ worker: WorkerContext) async throws(SetupFailure) -> MemoryLeases {
    MemoryLeases(table: table, index: worker.index, loop: worker.loop)
  }

  init(table: Table, index: Int, loop: EventLoop) {
    self.table = table
    self.index = index
    self.loop = loop
  }

  private func reach() async throws(AttemptFailure) {
    guard let first = table.first, first.index == index else { return }
    let (cut, end) = (first.moment + table.cutAfter, first.moment + table.cutAfter + table.cutFor)
    guard (cut..<end).contains(monotonicNow()) else { return }
    await loop.sleep(until: end)
    throw .lockTimeout
  }

  mutating func get(_ key: Int32) async throws(AttemptFailure) -> LeaseRecord? {
    try await reach()
    return table.records[key]
  }

  mutating func create(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    try await reach()
    guard table.records[key] == nil else { return nil }
    table.first = (index, monotonicNow())
    return store(key, record)
  }

  mutating func update(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    try await reach()
    guard table.records[key]?.version == record.version else { return nil }
    return store(key, record)
  }

  private func store(_ key: Int32, _ record: LeaseRecord) -> Int64 {
    var stored = record
    stored.version += 1
    table.records[key] = stored
    return stored.version
  }
}
