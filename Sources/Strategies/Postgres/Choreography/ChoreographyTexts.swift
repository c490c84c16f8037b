public import Model

/// What all choreographed sagas are, whatever carries their messages.
public enum ChoreographyTexts {
  /// A strategy over a transport.
  ///
  /// - Parameters:
  ///   - name: follows `postgres-shards.`.
  ///   - transport: in words: "over Redis Streams".
  ///   - needs: services besides the databases.
  ///   - delivery: how the transport carries an event; sentences.
  ///   - loss: what the transport may lose; sentences.
  public static func descriptor(
    _ name: String, transport: String, needs: [String] = [], delivery: String, loss: String, source: String
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres-shards.\(name)", summary: "a saga that nobody leads: services tell each other \(transport)",
      documentation: documentation(transport, delivery, loss, source), needs: needs, store: "postgres-shards",
      options: ChoreographySettings.options(), scope: .network, threading: .perConnection,
      stages: ChoreographyStage.names, points: ChoreographyPoint.allCases.map(\.name), readsSnapshots: false)
  }

  /// A control: the same with services that do not know what they have done.
  public static func control(_ name: String, transport: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres-shards.\(name)", summary: "a control: services that do their step each time that they are told",
      documentation: Documentation(
        introduction: "a control: a choreographed saga whose services do not ask whether they have done a step before.",
        algorithm: """
          as the other sagas \(transport), but a service does its step each time that it is told to. A share of the events \
          is delivered again (`redeliveries`, half of them unless stated), as every transport does sooner or later.
          """,
        guarantees: "nothing: money is paid out twice.",
        doesNotGuarantee: "what sagas are for.",
        failureWindow: "every event whose acknowledgement is lost, or that a relay publishes twice.",
        roundTrips: "as the other sagas \(transport).",
        source: "Richardson, Microservices Patterns, section 3.3.6 (duplicate messages)."),
      store: "postgres-shards", options: ChoreographySettings.options(redeliveries: 0.5), scope: .network,
      threading: .perConnection, grade: .required, stages: ChoreographyStage.names,
      points: ChoreographyPoint.allCases.map(\.name))
  }

  private static func documentation(
    _ transport: String, _ delivery: String, _ loss: String, _ source: String
  ) -> Documentation {
    Documentation(
      introduction: """
        a choreographed saga: nobody leads. Each service does its step, and the event that it writes in the same \
        transaction makes the next one do its own. Services tell each other \(transport).
        """,
      algorithm: """
        the records of an operation are grouped by database, as in `postgres-shards.saga`; each database belongs to a \
        service. The worker does the first step at the service where that lies: `BEGIN`, the row of the saga, the row of \
        the step, `SELECT ... FOR UPDATE`; then `UPDATE`, the event for the next service into `saga_outbox`, `COMMIT`. It \
        publishes the event, removes it from the outbox, and waits (`LISTEN`, `end-timeout` at most) for the end.

        Every worker is also an instance of a service (worker w of service w modulo services), with sessions of its own. \
        It takes an event, does the step in one transaction with the event that follows, and publishes that. A step that \
        is refused or declined (`failure-rate`) writes that it will never be done, and the event that makes the service \
        before it compensate, and so on in reverse. The last event goes to the service that began: it writes down that \
        the saga is finished, or compensated, and wakes the worker with `NOTIFY`.

        \(delivery)

        What a process leaves in an outbox when it dies, any instance of that service publishes: ten times a second it \
        looks for what is older than 200 ms. An event that comes again finds the row of its step and does nothing. One \
        that fails `attempts` times becomes a dead letter. What is left after the trial, the driver handles.
        """,
      guarantees: """
        each step and each compensation takes effect once, however often its event comes and whatever process dies; all \
        steps of an operation take effect, or each that did is undone.
        """,
      doesNotGuarantee: """
        isolation: others read and decide over what may still be undone (counted as dirty reads), and reads over several \
        databases are torn. Nor that the worker hears of the end in time: then the outcome is unknown to it. \(loss)
        """,
      failureWindow: """
        from the first step to the last, money is on its way. A process that dies leaves it so until another instance of \
        the service goes on, or the same one is back.
        """,
      roundTrips: """
        for each step 2 under its locks, 2 to publish and to tidy up; one more transaction for the end. Each step waits for \
        the disk once, and so does the end.
        """,
      source: source)
  }
}
