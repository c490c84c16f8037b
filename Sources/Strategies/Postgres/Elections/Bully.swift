internal import Model
internal import Runtime

/// `postgres.bully`: what it is over a store.
extension BullyRow {
  static let documentation = Documentation(
    introduction: "a leader by a row with a heartbeat, overwritten by whoever finds it too old.",
    algorithm: """
      a table `leaders (name, leader, heartbeat)`. A candidate reads the row every `heartbeat`. There is none: it inserts
      one, and leads if it was the first. The heartbeat is older than `expiry`, by the clock of the server: it writes
      itself into the row, `UPDATE leaders SET leader = $2, heartbeat = now() WHERE name = $1`, and leads. The leader
      reads the row every `heartbeat`, too: if it is still named there, it writes the heartbeat anew, with the same
      statement; if not, it leads no more. Who resigns makes its heartbeat old.

      `delay` is spent between reading a row that seems old and overwriting it, as a garbage collection or a slow network
      would: it makes sure to show the race that is there without it, too.
      """,
    guarantees: "a leader as long as the database is there.",
    doesNotGuarantee: """
      one leader. Nothing compares the row with what was read: of several candidates that find the same heartbeat too old
      each one overwrites it, and each leads. A leader that was replaced finds out at its next heartbeat, if it does
      not overwrite its successor, whose row it has read just before it was written.
      """,
    failureWindow: """
      from each loss of a leader for up to `heartbeat`, when two candidates looked within a round trip (or `delay`); after
      a pause longer than `expiry`, for one effect and more.
      """,
    roundTrips: """
      those of the store; beside them the leader sends 2 in a `heartbeat`, a candidate 1.
      """,
    source: #"many a blog; `UPDATE ... WHERE leader = $old AND heartbeat = $old_heartbeat` would compare."#)

  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres.bully", summary: "a leader by a row that is overwritten when its heartbeat seems old",
      documentation: documentation, needs: ["postgres"], store: store, stores: [store], options: options,
      scope: .network, threading: .perConnection, applicability: .election, grade: .interesting, returnsValues: true,
      roundTripsUnderLock: store == "memory" ? 0 : 2)
  }

  private static let options = [
    OptionSpecification(
      "heartbeat", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(1)),
      "How often the leader writes its heartbeat, and candidates look at it."),
    OptionSpecification(
      "expiry", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(3)),
      "Age of a heartbeat from which on the leader is taken for dead."),
    OptionSpecification(
      "delay", .duration(.zero ... .seconds(3600)), default: .duration(.zero),
      "Between reading a row that seems old and overwriting it."),
    OptionSpecification(
      "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(3600)),
      "How long to wait for the office before the attempt fails as not-acquired."),
  ]
}
