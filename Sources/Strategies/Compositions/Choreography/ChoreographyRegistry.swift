internal import Model
internal import PostgresStrategies
internal import RedisStrategies
internal import Runtime

/// Sagas that nobody leads: one for each transport of messages, and a control.
enum ChoreographyRegistry {
  static let strategies: [StrategyEntry] = [
    ChoreographedSaga<InboxTransport, CarefulServices>.entry(inbox),
    ChoreographedSaga<RedisStreams, CarefulServices>.entry(streams),
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

  private static let streams = ChoreographyTexts.descriptor(
    "saga-streams", transport: "over Redis Streams", needs: ["redis"],
    delivery: """
      To publish is `XADD` to the stream of the receiver, on which all instances of a service read as one consumer group \
      (`XREADGROUP ... BLOCK`), each under a name that a process keeps which takes the place of another. An event that has \
      taken effect is acknowledged and deleted (`XACK` and `XDEL` in one `MULTI`). An instance that starts again reads what \
      was pending for it first; what another has had for 2 s is taken over with `XAUTOCLAIM`. Dead letters go to a stream of \
      their own.
      """,
    loss: """
      An event is removed from the outbox when Redis has answered to `XADD`, so it is as safe as Redis keeps it: one that \
      loses its memory (no append-only file, a fail-over) loses the sagas whose events it held. They are found as \
      unfinished.
      """,
    source: """
      Redis documentation, Streams (consumer groups, XAUTOCLAIM); Richardson, Microservices Patterns, sections 3.3.7 \
      (transactional outbox) and 4.2 (choreography).
      """)
}
