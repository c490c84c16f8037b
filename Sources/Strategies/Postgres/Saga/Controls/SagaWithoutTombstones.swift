internal import Model

/// `postgres-shards.saga-without-tombstones`: a control whose compensations leave nothing where they find no step.
enum SagaWithoutTombstones: SagaKind {
  static let care = SagaOrchestrator.SagaCare(leavesTombstones: false)

  static let documentation = Documentation(
    introduction: "a control: a saga that compensates a step before it comes, and then does it.",
    algorithm: """
      as `postgres-shards.saga`, but a compensation that finds no step leaves no row. A fifth of the steps (`slow-steps`)
      take 50 ms (`slow-for`), longer than the saga waits (`step-timeout`, 10 ms): it gives up, undoes what is there, and
      the step arrives after that.
      """,
    guarantees: "nothing: a step of an operation that was given up takes effect.",
    doesNotGuarantee: "what sagas are for.",
    failureWindow: "every step that is slower than the limit of its saga: the answer is late, or the request was.",
    roundTrips: "as `postgres-shards.saga`.",
    source:
      "protocols that compensate on a time-out as if it were a refusal; empty compensation and hanging in Seata TCC.")

  static let descriptor = StrategyDescriptor(
    id: "postgres-shards.saga-without-tombstones", summary: "a control: a late step comes after its compensation",
    documentation: documentation, store: "postgres-shards",
    options: SagaSettings.options(slowSteps: 0.2, stepTimeout: .milliseconds(10)), scope: .network,
    threading: .perConnection, grade: .required, stages: Saga.stages, points: Saga.points)
}
