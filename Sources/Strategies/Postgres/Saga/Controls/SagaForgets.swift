internal import Model

/// `postgres-shards.saga-forgets`: a control that undoes nothing.
enum SagaForgets: SagaKind {
  static let care = SagaOrchestrator.SagaCare(compensates: false)

  static let documentation = Documentation(
    introduction: "a control: a saga that forgets its partial failures.",
    algorithm: """
      as `postgres-shards.saga`, but when a step fails, the saga only says so: what the steps before have done stays, and
      nobody goes on with what a dead process has left.
      """,
    guarantees: "nothing: money is lost.",
    doesNotGuarantee: "what sagas are for.",
    failureWindow: "every step that fails after the first, and every process that dies between two of them.",
    roundTrips: "as `postgres-shards.saga`.",
    source: "the usual first version: two requests to two services, and an error that is only logged.")

  static let descriptor = StrategyDescriptor(
    id: "postgres-shards.saga-forgets", summary: "a control: a saga that undoes nothing", documentation: documentation,
    store: "postgres-shards", options: SagaSettings.options(failureRate: 0.2), scope: .network,
    threading: .perConnection, grade: .required, stages: Saga.stages, points: Saga.points)
}
