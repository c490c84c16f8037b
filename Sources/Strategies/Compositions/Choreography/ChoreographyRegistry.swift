internal import Model
internal import PostgresStrategies
internal import Runtime

/// Sagas that nobody leads: one for each transport of messages, and a control.
enum ChoreographyRegistry {
  static let strategies: [StrategyEntry] = [
    ChoreographedSaga<InboxTransport, CarefulServices>.entry(inbox),
    ChoreographedSaga<InboxTransport, ForgetfulServices>.entry(
      ChoreographyTexts.control("saga-inbox-no-dedupe", transport: "through inboxes")),
  ]

  /// Services of a control: they do not know what they have done.
  private enum ForgetfulServices: ChoreographyKind {
    static var isCareful: Bool { false }
  }

  private static let inbox = ChoreographyTexts.descriptor(
    "saga-inbox", transport: "through inboxes in their databases",
    delivery: """
      To publish is to write into `saga_inbox` in the database of the receiver (`ON CONFLICT DO NOTHING` on saga and event) \
      and to wake who waits there with `NOTIFY`. The receiver claims the oldest event with `FOR UPDATE SKIP LOCKED` in the \
      transaction of its step, and removes it in the same one.
      """,
    loss: "A service whose database is away holds up who wants to tell it something, until it is back.",
    source: """
      Richardson, Microservices Patterns, sections 3.3.7 (transactional outbox) and 4.2 (choreography); eventuate-tram; \
      PostgreSQL manual, SELECT (SKIP LOCKED), NOTIFY.
      """)
}
