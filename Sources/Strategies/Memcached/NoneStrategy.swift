#if Memcached
internal import Model
internal import Runtime

/// `memcached.none`: no protection at all.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "no protection at all. A planted control: the checkers must catch it.",
    algorithm: "`get key` for each record, decide, `set key` for each that changes; all of a kind are sent together.",
    guarantees: "nothing. Every command is atomic by itself, so that no value is ever half written.",
    doesNotGuarantee: "that any acknowledged update stays, or that several values read belong together.",
    failureWindow: "from the first `get` to the last `set`; several records may be left half changed.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.memcached(
    "none", "get, decide, set without protection: the control that must lose updates", documentation, grade: .required)
  private var records: MemcachedRecords

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MemcachedRecords.Configuration {
    try MemcachedRecords.configure(environment)
  }

  static func open(
    _ configuration: MemcachedRecords.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoneStrategy {
    NoneStrategy(records: try await MemcachedRecords.open(configuration, worker))
  }

  /// Believes to be alone, as the witness shows.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    attempt.enter()
    try await records.read(&attempt)
    await attempt.hold()
    let decision = attempt.decide()
    if decision == .write { try await records.write(&attempt) }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await records.reopen() }
  consuming func close() async {}
}
#endif
