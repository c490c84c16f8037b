internal import Model

/// `postgres-shards.saga-not-idempotent`: a control whose compensations do not ask whether they were done before.
enum SagaNotIdempotent: SagaKind {
  static let care = SagaOrchestrator.SagaCare(compensatesOnce: false)

  static let documentation = Documentation(
    introduction: "a control: a saga whose compensations do not ask whether they were done before.",
    algorithm: """
      as `postgres-shards.saga`, but a compensation undoes its step each time that it comes. A share of them is sent again
      because the answer was late (`late-replies`, half of them unless stated), as every retry does.
      """,
    guarantees: "nothing: money is refunded twice.",
    doesNotGuarantee: "what sagas are for.",
    failureWindow: """
      every compensation whose answer is late or lost, and every process that dies between a compensation and its row.
      """,
    roundTrips: "as `postgres-shards.saga`.",
    source: "Richardson, Microservices Patterns, section 3.3.6 (duplicate messages).")

  static let descriptor = StrategyDescriptor(
    id: "postgres-shards.saga-not-idempotent", summary: "a control: compensations that refund twice",
    documentation: documentation, store: "postgres-shards",
    options: SagaSettings.options(failureRate: 0.2, lateReplies: 0.5), scope: .network, threading: .perConnection,
    grade: .required, stages: Saga.stages, points: Saga.points)
}
