// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

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
    "redis.fair-lock": #"""
      `redis.fair-lock`: Redisson's fair lock: those who wait queue up, and only the first one is told.

      Algorithm: as `redis.redisson-lock`, with a queue of waiters (a list) and the moment until which each keeps its place
      (a sorted set). The script that asks for the lock first removes waiters at the head whose time is up; it grants the
      lock only when nobody waits or we are the first, and then takes `fair-lock-wait-timeout` off the time of all others;
      otherwise it adds us at the end, with the time of the one before us (or the rest of the lock's own) and
      `fair-lock-wait-timeout` on top. Each waiter listens to a channel of its own; a release publishes to the first
      waiter's. Whoever gives up leaves the queue by a third script, which shortens the time of those behind.
      Guarantees: as `redis.redisson-lock`, and the lock is granted in the order in which it was asked for.
      Does not guarantee: that a dead waiter does no harm: at the head of the queue it blocks everybody until its time is
      up, five minutes by Redisson's default. The times are those of the clients' clocks, so skew between hosts shortens
      or prolongs them. Every hand-over costs a message, a wake-up and a round trip: throughput is lower than without order.
      Failure window: as `redis.redisson-lock`.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redisson, `RedissonFairLock`.
      """#,
    "redis.fenced-lock": #"""
      `redis.fenced-lock`: Redisson's fenced lock, over a store that checks the fencing token.

      Algorithm: the lock of `redis.redisson-lock`, whose script also counts its grants with `INCR` and returns the count:
      the fencing token. The records are read and written by scripts that get the token along: they refuse when the record
      has seen a greater one, and otherwise remember ours. A refusal ends the attempt as `lease-lost`.

          local found = redis.call('MGET', unpack(KEYS))       -- values, then the greatest token that each has seen
          for i = 1, #KEYS / 2 do
            if tonumber(found[#KEYS / 2 + i] or 0) > tonumber(ARGV[i]) then return false end
          end
          for i = 1, #KEYS / 2 do redis.call('GETSET', KEYS[#KEYS / 2 + i], ARGV[i]) end
          return found                                         -- or, to write: GETSET of each value

      Guarantees: no lost update, also when a holder is paused beyond its lease: its writes are refused once its successor
      has read. Reads carry the token, too: a store that checks only writes still takes a late write between the successor's
      read and its write.
      Does not guarantee: one holder at a time beyond the lease; order among those who wait. The counter must outlive the
      locks: a server that fails over or restarts may count backwards.
      Failure window: none for the records while the server keeps its data. A lost answer to the write leaves the outcome
      unknown.
      Round trips under the lock: 1 to read, 1 to write, 1 to release.
      Source: Redisson, `RedissonFencedLock`; Kleppmann 2016, "How to do distributed locking", on fencing tokens.
      """#,
    "redis.lock": #"""
      `redis.lock`: one key per record, set only if it is free, with an owner and an expiry.

      Algorithm: `SET key token NX PX ttl`, where the token is 20 random bytes in hexadecimal, new for every acquisition.
      When the key is taken (nil), sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. To release,
      `EVALSHA` of a script that deletes the key only if it still holds our token; `EVAL` with the source when the server
      does not know the script (`NOSCRIPT`).

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end

      With `renew`, every third of `ttl` another script gives the locks that are held their whole `ttl` again, over a
      connection that all workers of a thread share.

          if redis.call('GET', KEYS[1]) == ARGV[2] then return redis.call('PEXPIRE', KEYS[1], ARGV[1]) else return 0 end

      Guarantees: one holder at a time, on any host, as long as nobody holds longer than `ttl` (with `renew`: is held up for
      longer) and the server keeps its data. A holder that dies blocks others for `ttl` at most.
      Does not guarantee: mutual exclusion beyond `ttl`: a holder that is slow or paused goes on while the next one holds
      the lock, and nothing stops its writes (there is no fencing). A release that finds another token is counted as an
      expired hold. No order among those who wait.
      Failure window: from the expiry until the holder notices. A server that fails over or restarts without `appendonly`
      and `appendfsync always` forgets locks. A lost answer to `SET` may leave the lock taken: after the reconnect the
      release script clears it, at the latest the expiry does.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redis documentation, "Distributed locks with Redis", section "Correct implementation with a single instance".
      """#,
    "redis.lock-naive": #"""
      `redis.lock-naive`: one key per record without an owner, with an expiry set afterwards. A trap.

      Algorithm: `SETNX key 1`; when it was set, `EXPIRE key ttl`. When the key is taken, sleep for `poll` times 0.5 to 1.5
      and try again, until `timeout`. To release, `UNLINK key` (`DEL` whose memory is freed later), whoever holds it.
      Guarantees: one holder at a time, as long as nobody ever holds longer than `ttl`.
      Does not guarantee: anything after the first hold beyond `ttl`: its release deletes the key of its successor, whose
      own release deletes that of the next one, and so on, long after all of them are quick again. A holder that dies, or
      is refused, between the two commands leaves a lock that never expires.
      Failure window: between `SETNX` and `EXPIRE`; and from the first expiry for as long as there is contention.
      Round trips under the lock: 1 for `EXPIRE`, those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redis documentation, `SETNX`, "Design pattern: Locking with SETNX", and "Distributed locks with Redis", on
      removing a lock that was created by another client.
      """#,
    "redis.lock-no-ttl": #"""
      `redis.lock-no-ttl`: one key per record with an owner, and no expiry. A trap.

      Algorithm: as `redis.lock`, but `SET key token NX`, without `PX`; `redis-py` locks so unless it is told a `timeout`.
      Guarantees: one holder at a time, on any host, however long it holds, while the server keeps its data.
      Does not guarantee: that there is ever another holder: when one dies, or loses its server for longer than it waits,
      its lock stays until somebody deletes the key by hand, and all others run into their `timeout`.
      Failure window: from the `SET` to the release. A lost answer to `SET` may leave the lock taken: after the reconnect
      the release script clears it, if the holder lives.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redis documentation, "Distributed locks with Redis", on deadlocks; redis-py, `redis.lock.Lock`.
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
    "redis.redisson-lock": #"""
      `redis.redisson-lock`: Redisson's `RLock`: waiters are told when the lock is free, and a watchdog renews it.

      Algorithm: `EVALSHA` of the first script; nil means that the lock is ours. Otherwise `SUBSCRIBE` to the lock's channel
      over a connection that all workers of a thread share, run the script again, then wait for a message or for the time
      that the script returned, and so on, until `timeout`; `UNSUBSCRIBE` when nobody of the thread waits any more. A
      message wakes one waiter of each thread, and these race. Release is the second script.
      Every third of `lock-watchdog-timeout` a third script renews every lock that is held; not with a `lease-time`.

          if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
            redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return nil
          end
          return redis.call('PTTL', KEYS[1])

          if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
          redis.call('DEL', KEYS[1])
          redis.call('PUBLISH', KEYS[2], 0)
          return 1

      Guarantees: one holder at a time, on any host, as long as no holder is held up for longer than
      `lock-watchdog-timeout` (or holds longer than `lease-time`) and the server keeps its data.
      Does not guarantee: order among those who wait. The watchdog does not tell a holder that the lock was lost, and
      nothing stops its writes.
      Failure window: from the expiry until the holder notices; a holder that dies blocks others for the rest of its lease.
      A server that fails over or restarts forgets locks. Left out: the key that keeps the answer of a release, by which
      Redisson can send it again (here the holder's name is used once, so a release that comes twice does no harm), and
      `WAIT` for replicas.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Redisson, `RedissonLock`, `RedissonBaseLock`, `LockPubSub`, `renewal`.
      """#,
    "redis.redlock": #"""
      `redis.redlock`: a lock on the majority of five independent Redis servers (the service `redlock`).

      Algorithm: `SET key token NX PX ttl` on every server, with a short limit for each answer. The lock is ours when more
      than half of the servers have set the key and, by our clock, time is left: `ttl` less what the round took, less
      1 % of `ttl` for the drift of clocks. Otherwise the release script runs on all servers, also on those that did not
      answer, and after a random delay the round is repeated with a new token. To release, the script runs on all servers.

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end

      `preset` takes the other figures from a library:

      | | `redsync` | `redlock-py` |
      |---|---|---|
      | rounds | 32 | 3 |
      | delay between them | 50 to 250 ms | 200 ms |
      | servers are asked | all at once | one after the other |
      | limit for an answer | 5 % of `ttl` | `ttl` |
      | allowance for drift | 1 % of `ttl` | 1 % of `ttl` and 2 ms |
      | a server is down | is a vote against | the attempt fails with an error, and the lock stays where it was granted |

      Guarantees: one holder at a time while a majority of the servers runs, keeps its data, and the clocks advance alike, as
      long as nobody holds longer than `ttl`. Up to two of five servers may be down.
      Does not guarantee: mutual exclusion beyond `ttl`, or when servers restart without what they had granted; there is no
      fencing token. Progress under contention: votes are split, and all wait.
      Failure window: from the expiry until the holder notices. The holder of a majority whose release is lost blocks others
      for the rest of `ttl`.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1, to all servers, to release.
      Source: Redis documentation, "Distributed locks with Redis"; redsync, `mutex.go`; redlock-py, `redlock/__init__.py`;
      Kleppmann 2016, "How to do distributed locking".
      """#,
    "redis.shedlock": #"""
      `redis.shedlock`: ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.

      Algorithm: `SET key token NX PX lock-at-most-for`, once; when the key is taken, the attempt ends as `not-acquired` at
      once, and the scenario's retry policy decides, where a scheduler would skip the run. To release after
      `lock-at-least-for`, delete the key: with `safe-update` by the script of `redis.lock`, without it (ShedLock's default)
      by `UNLINK key` (its `DEL`, whose memory is freed later), whoever holds it. To release earlier, shorten the expiry to
      what is left of `lock-at-least-for`: with `safe-update` by a script that compares the token and runs `PEXPIRE`,
      without it by `SET key token XX PX rest`.

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end
          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end

      Guarantees: one holder at a time, as long as nobody holds longer than `lock-at-most-for` and the server keeps its data;
      at most one in `lock-at-least-for`.
      Does not guarantee: that work is ever done by somebody who was refused; order. Beyond `lock-at-most-for`, without
      `safe-update`, a slow holder deletes the lock of its successor.
      Failure window: from the expiry until the holder notices. A lost answer to `SET` leaves the lock taken until the
      reconnect, at the latest until it expires.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: ShedLock, `RedisLockProvider`, `InternalRedisLockProvider`; its token is `ADDED:time@host:uuid`.
      """#,
    "redis.spring-lock": #"""
      `redis.spring-lock`: the lock registry of Spring Integration: a lock inside the process in front of one in Redis.

      Algorithm: wait for the lock of this thread's registry first, then run the first script with the registry's name, which
      all workers of a thread share, and `expire-after`. When the key belongs to somebody else, `lock-type: spin` sleeps for
      `idle-between-tries` and asks again; `pub-sub` subscribes to the lock's channel and waits for a message, or for
      `expire-after`. Release is the second script (with `pub-sub` the third), then the lock inside the process.

          local owner = redis.call('GET', KEYS[1])
          if owner == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          if owner then return 0 end
          redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[1])
          return 1

          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          return redis.call('DEL', KEYS[1])

          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          redis.call('DEL', KEYS[1])
          redis.call('PUBLISH', KEYS[2], 0)
          return 1

      Guarantees: one holder at a time, on any host, as long as nobody holds longer than `expire-after` and the server keeps
      its data. Workers of one thread never contend on the server.
      Does not guarantee: mutual exclusion beyond `expire-after`, and there is no fencing. Order among processes: with `spin`
      the process that has just released asks again long before the others wake.
      Failure window: from the expiry until the holder notices, which its release does. A holder that dies blocks others for
      the rest of `expire-after`.
      Round trips under the lock: those of the store (over Redis: 1 to read, 1 to write) and 1 to release.
      Source: Spring Integration, `RedisLockRegistry`. Spring has one registry per process and one channel per registry, here
      it is one registry per thread of workers and one channel per lock; renewal by a scheduler is left out.
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
