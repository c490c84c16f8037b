// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.

extension StrategyTexts {
  static let redis: [String: String] = [
    "floor.redis-get": #"""
      `floor.redis-get`: what reading a record costs at least.

      Algorithm: `GET key` of the operation's first record.
      Guarantees: nothing; acknowledged operations have no effect, and checkers say so.
      Round trips under the lock: 0; 1 per operation.
      Source: Redis documentation, `GET`.
      """#,
    "floor.redis-ping": #"""
      `floor.redis-ping`: the null operation of Redis.

      Algorithm: `PING`. The records are not touched.
      Guarantees: nothing; acknowledged operations have no effect, and checkers say so.
      Round trips under the lock: 0; 1 per operation.
      Source: Redis documentation, `PING`.
      """#,
    "floor.redis-set": #"""
      `floor.redis-set`: what taking a Redis lock costs at least.

      Algorithm: `SET key 0123456789 NX PX 10000`, on the lock key of the operation's first record, whoever holds it.
      The records are not touched. The same command as in comparisons with `redis-benchmark`.
      Guarantees: nothing; acknowledged operations have no effect, and checkers say so.
      Round trips under the lock: 0; 1 per operation.
      Source: Redis documentation, `SET`.
      """#,
    "redis.lock": #"""
      `redis.lock`: one key per record, set only if it is free, with an owner and an expiry.

      Algorithm: `SET key token NX PX ttl`, where the token is 20 random bytes in hexadecimal, new for every acquisition.
      When the key is taken (nil), sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. To release,
      `EVALSHA` of a script that deletes the key only if it still holds our token; `EVAL` with the source when the server
      does not know the script (`NOSCRIPT`).

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end

      Guarantees: one holder at a time, on any host, as long as nobody holds longer than `ttl` and the server keeps its data.
      A holder that dies blocks others for `ttl` at most.
      Does not guarantee: mutual exclusion beyond `ttl`: a holder that is slow or paused goes on while the next one holds
      the lock, and nothing stops its writes (there is no fencing). A release that finds another token is counted as an
      expired hold. No order among those who wait.
      Failure window: from the expiry until the holder notices. A server that fails over or restarts without `appendonly`
      and `appendfsync always` forgets locks. A lost answer to `SET` may leave the lock taken: after the reconnect the
      release script clears it, at the latest the expiry does.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redis documentation, "Distributed locks with Redis", section "Correct implementation with a single instance".
      """#,
    "redis.lua": #"""
      `redis.lua`: the whole operation in one script, which the server runs without anybody in between.

      Algorithm: `EVALSHA sha n keys changes-and-limits`; the script gets all values with one `MGET`, refuses when a value is
      outside its limits, and otherwise adds each change with `INCRBY`. A claim is "add the token if the value is 0 to 0".
      When the server does not know the script (`NOSCRIPT`), its source is sent with `EVAL`, and the server keeps it.
      An operation that only reads sends `GET` or `MGET`.

          local values = redis.call('MGET', unpack(KEYS))
          for i, key in ipairs(KEYS) do
            local value = tonumber(values[i])
            if not value then return redis.error_reply('ERR record ' .. key .. ' is missing') end
            if math.abs(value) > 2^53 then return redis.error_reply('ERR record ' .. key .. ' exceeds 2^53') end
            local least, most = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
            if (least and value < least) or (most and value > most) then return false end
            values[i] = value
          end
          for i, key in ipairs(KEYS) do
            local change = ARGV[3 * i - 2]
            if change ~= '0' then values[i] = redis.call('INCRBY', key, change) end
          end
          return values

      Guarantees: no lost update, no conflict, no retry; several records change together or not at all, and several values
      read belong to one moment.
      Does not guarantee: values beyond 2^53, which Lua cannot tell apart; they end the attempt with an error.
      Failure window: a connection that is lost after the request was sent leaves the outcome unknown. Everything
      acknowledged since the last save may be lost with the server (`appendonly`, `save`). A slow script stops everybody.
      Round trips under the lock: 0; nothing is held. 1 per attempt.
      Source: Redis documentation, "Scripting with Lua".
      """#,
    "redis.none": #"""
      `redis.none`: no protection at all. A planted control: the checkers must catch it.

      Algorithm: `GET key` for each record, decide, `SET key value` for each that changes; one round trip each, as naive
      code does it.
      Guarantees: nothing. Every command is atomic by itself, so that no value is ever half written.
      Does not guarantee: that any acknowledged update stays, or that several values read belong together.
      Failure window: from the first `GET` to the last `SET`; several records may be left half changed.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "redis.watch": #"""
      `redis.watch`: optimistic transactions of Redis: read under `WATCH`, write only if nobody has written meanwhile.

      Algorithm: `WATCH keys` and `GET key` (`MGET keys` for several) in one round trip; decide; `MULTI`, `SET key value`
      (`MSET` for several) and `EXEC` in another. `EXEC` answers nil when a watched key was written since: the attempt ends
      as a conflict, and the scenario's retry policy decides about the next. An operation that the rule refuses sends
      `UNWATCH`; one that only reads sends just its `GET` or `MGET`.
      Guarantees: no lost update; several records change together; several values read belong to one moment.
      Does not guarantee: progress of a worker: under contention all but one of those that read the same state fail.
      Failure window: a connection that is lost after `EXEC` was sent leaves the outcome unknown; lost earlier, nothing is
      stored. Everything acknowledged since the last save may be lost with the server (`appendonly`, `save`).
      Round trips under the lock: 0; nothing is held. 2 per attempt.
      Source: Redis documentation, "Transactions", section "Optimistic locking using check-and-set".
      """#,
  ]
}
