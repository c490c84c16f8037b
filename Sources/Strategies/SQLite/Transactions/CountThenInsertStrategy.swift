#if SQLite
internal import Model
internal import Runtime

/// `sqlite.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.
struct CountThenInsertStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when
      they count the rows of a room and insert one if it is not full. Where nothing keeps others out between the two,
      the row that one of them inserts is one that the condition of our `SELECT` would have found, a phantom.
      """,
    algorithm: """
      with `begin: immediate`, `BEGIN IMMEDIATE`; for each record `SELECT value + coalesce((SELECT sum(amount) FROM
      entries WHERE entries.id = records.id), 0) FROM records WHERE id = ?` (`value` is what the record began with and
      stays); decide; for each changed one `INSERT INTO entries (id, amount) VALUES (?, ?)` with the difference;
      `COMMIT`. With `begin: deferred` the same after a plain `BEGIN`: the first `INSERT` asks for the write lock, and
      when somebody has written since the first `SELECT`, or is about to, it is refused at once, as in
      `sqlite.deferred`: a `conflict`, in `journal: delete` a `deadlock`. With `begin: none` every statement is its own
      transaction. Operations that only read take a deferred transaction. There is an index on `entries (id, amount)`.
      """,
    guarantees: """
      with `immediate` and `deferred`, serialisable transactions: there is one writer for the whole file, so SQLite
      needs no lock of a condition. With all: no lost update, for nothing is overwritten.
      """,
    doesNotGuarantee: """
      with `none`, that the decision is still right when the entry is written: two see enough for one, and both take it;
      nor that several entries appear together. Constant cost: each read adds up all entries of the record, so ledgers
      close their books from time to time. Concurrency of writers.
      """,
    failureWindow: "with `none` from the `SELECT` to the `INSERT`, at all times; else none.",
    roundTrips: "0; there is no server. The lock is held until the commit is synced.",
    source: #"phantoms, A3 and P3 of Berenson et al. 1995; SQLite manual, "Isolation In SQLite"."#)

  static let descriptor = StrategyDescriptor.sqlite(
    "count-then-insert", "sum of entries, then INSERT one, in a transaction or not", documentation,
    options: [
      OptionSpecification(
        "begin", .word(["none", "deferred", "immediate"]), default: .word("immediate"),
        "none: no transaction, so that two append where one may; deferred: BEGIN; immediate: BEGIN IMMEDIATE.")
    ])
  private let session: Session
  private let sum: Statement
  private let append: Statement
  /// Begins a transaction; nil for none.
  private let begin: Statement?
  private let excludesOthers: Bool
  /// What it means that the write lock was refused to the first `INSERT`.
  private let refusedAppend: AttemptFailure

  struct Configuration: Sendable {
    let shared: SQLiteConfiguration
    let begin: String
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(shared: try SQLiteConfiguration(environment), begin: environment.options.word("begin"))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) throws(SetupFailure) -> CountThenInsertStrategy {
    let shared = configuration.shared
    let session = try Session(shared)
    let begin: Statement? =
      switch configuration.begin {
      case "none": nil
      case "deferred": session.begin
      default: session.beginImmediate
      }
    let isDeferred = configuration.begin == "deferred"
    return CountThenInsertStrategy(
      session: session,
      sum: try session.prepare(
        """
        SELECT value + coalesce((SELECT sum(amount) FROM \(shared.entries) AS entry WHERE entry.id = record.id), 0)
        FROM \(shared.table) AS record WHERE record.id = ?1
        """),
      append: try session.prepare("INSERT INTO \(shared.entries) (id, amount) VALUES (?1, ?2)"), begin: begin,
      excludesOthers: configuration.begin == "immediate",
      refusedAppend: !isDeferred ? .lockTimeout : shared.settings.journal == "wal" ? .conflict : .deadlock)
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    var appended = 0
    var isAppending = false
    var isCommitting = false
    do throws(Refusal) {
      if attempt.operation.isReadOnly {
        try session.begin.run()
        try sum(attempt)
        try session.commit.run()
        return .committed
      }
      if let begin { try begin.run() }
      if excludesOthers { attempt.enter() }
      try sum(attempt)
      attempt.holdThread()
      let decision = attempt.decide()
      if decision == .write {
        isAppending = true
        try append(attempt, &appended)
        isAppending = false
      }
      if excludesOthers { attempt.leave() }
      guard decision == .write else {
        session.rollBack()
        return .refused
      }
      isCommitting = true
      if begin != nil { try session.commit.run() }
      return .committed
    } catch {
      let isDeciding = isCommitting || (isAppending && begin == nil)
      let failure = session.abandon(error, attempt, decides: isDeciding)
      // A part is in the table already, so it must not count as if nothing had happened.
      if begin == nil && appended > 0 { throw .ambiguous }
      throw isAppending && failure == .lockTimeout ? refusedAppend : failure
    }
  }

  private func sum(_ attempt: Attempt) throws(Refusal) {
    for index in 0..<attempt.operation.count {
      sum.bind(1, Int64(attempt.operation[index].key))
      guard try sum.next() else { throw .missingRecord }
      attempt.values[index] = sum.column(0)
      sum.reset()
    }
  }

  private func append(_ attempt: Attempt, _ appended: inout Int) throws(Refusal) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      let step = attempt.operation[index]
      append.bind(1, Int64(step.key))
      append.bind(2, step.change(token: attempt.operation.token))
      try append.run()
      appended &+= 1
    }
  }
}
#endif
