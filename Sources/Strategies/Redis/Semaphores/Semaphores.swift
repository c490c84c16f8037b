internal import Model
internal import Runtime

/// Semaphores around work that several may do at once, but not too many: `redis.semaphore`, and two widespread forms that
/// let too many in.
enum Semaphores {
  static let strategies = [
    StrategyEntry(descriptor, Surrounded<PermitLock<ScriptForm>, LuaStrategy>.self).leaving(PermitMeter.aftermath),
    StrategyEntry(countThenAdd, Surrounded<PermitLock<CountThenAddForm>, LuaStrategy>.self)
      .leaving(PermitMeter.aftermath),
    StrategyEntry(rank, Surrounded<PermitLock<RankForm>, LuaStrategy>.self).leaving(PermitMeter.aftermath),
  ]

  private static let work = """
    Whoever has a permit works for `workload.hold` and then changes its record as `redis.lua` does, so that nothing is lost
    when several work at once. Before that, and after it, it says so to a meter of its own in Redis, which counts how many
    work at the same time.
    """

  static let descriptor = make(
    "redis.semaphore", "A few permits, taken in one script",
    Documentation(
      introduction: "at most `limit` at once, each with a permit that it takes in one script.",
      algorithm: """
        `EVAL` of a script that throws away expired permits, counts the others, and adds one if there is room. When there
        is none, sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. `ZREM` gives a permit back.

        \("\(PermitScripts.take)".split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

        \(work)
        """,
      guarantees: """
        at most `limit` at work, by the clock of the server, as long as nobody works for longer than `ttl` and the server
        keeps its data. A permit whose holder has died is free after `ttl`.
        """,
      doesNotGuarantee: """
        anything beyond `ttl`: whoever works for longer works beside the next one. No order among those who wait.
        """,
      failureWindow: "from the expiry of a permit until its holder notices; a server that forgets its permits.",
      roundTrips: "3: to the meter, to the record, to give the permit back. Those who wait send one for each try.",
      source: """
        Redis documentation, `ZADD`; Carlson, "Redis in Action", section 6.3 "Counting semaphores", which ends with a lock
        around it for the sake of what the script does here.
        """),
    options: [])

  static let countThenAdd = make(
    "redis.semaphore-count-then-add", "ZCARD, and then ZADD: the control that lets too many in",
    Documentation(
      introduction: "looks whether there is room, and then takes it. A planted control: the checker must catch it.",
      algorithm: """
        `ZREMRANGEBYSCORE key -inf now` and `ZCARD key`; if that is less than `limit`, after a pause that is drawn from 0
        to `pause`, `ZADD key now+ttl token`. \(work)
        """,
      guarantees: "no lost update, because the work loses none.",
      doesNotGuarantee: "a limit: everybody who looks before the others have taken sees room.",
      failureWindow: "from `ZCARD` to `ZADD`, at all times.",
      roundTrips: "as `redis.semaphore`, and 1 more to take a permit.",
      source: "the usual first attempt, as in many answers on the web."),
    options: [pause], grade: .required)

  static let rank = make(
    "redis.semaphore-rank", "ZADD, and then ZRANK: the control that lets too many in",
    Documentation(
      introduction: """
        adds itself with the time of its own clock, and is in if few are before it. A planted control: the checker must
        catch it.
        """,
      algorithm: """
        Look at the clock; after a pause that is drawn from 0 to `pause`, in one `MULTI`: `ZREMRANGEBYSCORE key -inf
        now-ttl`, `ZADD key now token`, `ZRANK key token`. A rank below `limit` is a permit; else `ZREM`. \(work)
        """,
      guarantees: "no lost update, because the work loses none.",
      doesNotGuarantee: "a limit: whoever comes later with an earlier time gets the place of somebody who is at work.",
      failureWindow: """
        from the look at the clock until the request is run, at all times; with clocks that differ, by as much as they do.
        """,
      roundTrips: "as `redis.semaphore`, and 1 more for each try that fails.",
      source: """
        Carlson, "Redis in Action", section 6.3.1 "Building a basic counting semaphore", which says that it is unfair where
        clocks differ.
        """),
    options: [pause], grade: .required)

  private static let pause = OptionSpecification(
    "pause", .duration(.zero...(.seconds(1))), default: .duration(.milliseconds(2)),
    "The longest time between the look and the permit; each try draws from 0 to this.")

  private static func make(
    _ id: String, _ summary: String, _ documentation: Documentation, options: [OptionSpecification],
    grade: Grade = .forbidden
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: id, summary: summary, documentation: documentation, needs: ["redis"], store: "redis",
      options: [
        OptionSpecification("limit", .integer(1...10_000), default: .integer(3), "How many may work at once."),
        LockOptions.ttl,
      ] + Polling.options + options,
      scope: .network, threading: .shared, applicability: .unguardedAdd, grade: grade, returnsValues: true,
      roundTripsUnderLock: 3)
  }
}
