#if SQLite
internal import Model
internal import Runtime

/// `floor.sqlite-select`: what any statement of SQLite costs at least.
struct FloorStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what any statement of SQLite costs at least.",
    algorithm: """
      one prepared `SELECT value FROM records WHERE id = ?` of the operation's first record, whatever the operation asks
      for.
      """,
    guarantees: "nothing, and changes nothing: a measure for the others.",
    roundTrips: "0; nothing is held.",
    source: #"SQLite manual, "sqlite3_step"."#)

  static let descriptor = StrategyDescriptor(
    id: "floor.sqlite-select", summary: "SELECT of one record: the floor of every statement",
    documentation: documentation, needs: ["sqlite"], store: "sqlite", options: SQLiteSettings.options, scope: .host,
    threading: .perWorker, grade: .interesting)
  private let session: Session
  private let select: Statement

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(_ configuration: SQLiteConfiguration, _ worker: WorkerContext) throws(SetupFailure) -> FloorStrategy
  {
    let session = try Session(configuration)
    return FloorStrategy(
      session: session, select: try session.prepare("SELECT value FROM \(configuration.table) WHERE id = ?1"))
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    do throws(Refusal) {
      select.bind(1, Int64(attempt.operation[0].key))
      guard try select.next() else { throw .missingRecord }
      attempt.values[0] = select.column(0)
      select.reset()
      return .committed
    } catch {
      throw session.abandon(error, attempt)
    }
  }
}
#endif
