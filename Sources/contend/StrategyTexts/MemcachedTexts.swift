// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let memcached: [String: String] = [
    "floor.memcached-get": #"""
      `floor.memcached-get`: what reading a record costs at least.

      Algorithm: `get key` of the operation's first record. The records are not changed.
      Guarantees: nothing; acknowledged operations have no effect, and checkers say so.
      Round trips under the lock: 0; 1 per operation.
      Source: memcached, `doc/protocol.txt`, "get".
      """#,
    "memcached.add-lock": #"""
      `memcached.add-lock`: one item per record, added only if there is none, with an owner and an expiry.

      Algorithm: `add key 0 ttl length` with a token of 16 random hexadecimal digits, new for every acquisition. When the item is
      there (`NOT_STORED`), sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. To release, `gets key`; if it
      still holds our token, `md key C<version>`, which deletes this version only and answers `EX` when it is another one.
      Guarantees: one holder at a time, on any host, as long as nobody holds longer than `ttl` and the server keeps the item.
      A holder that dies blocks others for `ttl` at most.
      Does not guarantee: mutual exclusion beyond `ttl`, or beyond an eviction: when its memory is full memcached evicts
      locks like anything else, and tells nobody. No order among those who wait; nothing stops the writes of a late holder.
      Expiry is in whole seconds and may come up to one second early, since the server's clock ticks once a second.
      Failure window: from the expiry or eviction until the holder notices. A lost answer to `add` may leave the lock taken:
      after the reconnect it is released, at the latest the expiry does.
      Round trips under the lock: those of the store (over memcached: 1 to read, 1 to write) and 2 to release.
      Source: memcached, `doc/protocol.txt`, "add" and "Meta Delete"; memcached wiki, "Ghetto Central Locking".
      """#,
    "memcached.cas": #"""
      `memcached.cas`: optimistic: store the new value only if nobody has stored one since we read.

      Algorithm: `gets key`, which also returns the item's version (a 64-bit "cas unique"); decide;
      `cas key 0 0 length version` with the new value. `EXISTS` means that somebody else was faster: the attempt ends as a
      conflict, and the scenario's retry policy decides about the next.
      Guarantees: no lost update of one record, also against `set`, `incr` and whatever else changes the item.
      Does not guarantee: anything about several records: each has its own version. Progress of a worker. That the record
      is still there: memcached evicts items when its memory is full, and keeps nothing over a restart.
      Failure window: a connection that is lost after `cas` was sent leaves the outcome unknown.
      Round trips under the lock: 0; nothing is held. 2 per attempt.
      Source: memcached, `doc/protocol.txt`, "cas".
      """#,
    "memcached.incr": #"""
      `memcached.incr`: the server adds.

      Algorithm: `incr key amount`, or `decr key amount` for a negative one; the answer is the new value. Reads are `get`.
      Guarantees: no lost update of one record; no conflict, no retry.
      Does not guarantee: values below 0, which do not exist here: `decr` stops at 0 and says so to nobody. Values are 64-bit
      and unsigned; beyond 2^63 - 1 they end the attempt with an error here. That the record is still there: memcached
      evicts items when its memory is full, and keeps nothing over a restart.
      Failure window: a connection that is lost after the request was sent leaves the outcome unknown.
      Round trips under the lock: 0; nothing is held. 1 per attempt.
      Source: memcached, `doc/protocol.txt`, "Increment/Decrement".
      """#,
    "memcached.none": #"""
      `memcached.none`: no protection at all. A planted control: the checkers must catch it.

      Algorithm: `get key` for each record, decide, `set key` for each that changes; all of a kind are sent together.
      Guarantees: nothing. Every command is atomic by itself, so that no value is ever half written.
      Does not guarantee: that any acknowledged update stays, or that several values read belong together.
      Failure window: from the first `get` to the last `set`; several records may be left half changed.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
  ]
}
