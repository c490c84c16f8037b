#if Memcached
internal import Model
internal import Runtime

/// `memcached.add-lock`: one item per record, added only if there is none, with an owner and an expiry.
struct AddLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "one item per record, added only if there is none, with an owner and an expiry.",
    algorithm: """
      `add key 0 ttl length` with a token of 16 random hexadecimal digits, new for every acquisition. When the item is
      there (`NOT_STORED`), sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. To release, `gets key`; if
      it still holds our token, `md key C<version>`, which deletes this version only and answers `EX` when it is another
      one.
      """,
    guarantees: """
      one holder at a time, on any host, as long as nobody holds longer than `ttl` and the server keeps the item. A
      holder that dies blocks others for `ttl` at most.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond `ttl`, or beyond an eviction: when its memory is full memcached evicts locks like anything
      else, and tells nobody. No order among those who wait; nothing stops the writes of a late holder. Expiry is in
      whole seconds and may come up to one second early, since the server's clock ticks once a second.
      """,
    failureWindow: """
      from the expiry or eviction until the holder notices. A lost answer to `add` may leave the lock taken: after the
      reconnect it is released, at the latest the expiry does.
      """,
    roundTrips: "those of the store (over memcached: 1 to read, 1 to write) and 2 to release.",
    source: #"memcached, `doc/protocol.txt`, "add" and "Meta Delete"; memcached wiki, "Ghetto Central Locking"."#)

  private var connection: MemcachedConnection
  private let settings: Settings
  private var random: RandomSource
  /// The locks that are held or may be, with their tokens: at most those of one operation.
  private var held: [(key: Int32, token: UInt64)] = []

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let memcached: MemcachedConfiguration
    let settings: Settings
  }

  /// The options.
  struct Settings: Sendable {
    let ttlSeconds: Int64
    let pollNanoseconds: Int64
    let timeoutNanoseconds: Int64
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    return Configuration(
      memcached: try MemcachedConfiguration(environment),
      settings: Settings(
        ttlSeconds: max(1, options.duration("ttl").nanoseconds / 1_000_000_000),
        pollNanoseconds: options.duration("poll").nanoseconds,
        timeoutNanoseconds: options.duration("timeout").nanoseconds))
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> AddLock {
    var connection = MemcachedConnection(configuration.memcached, worker)
    try await connection.open()
    return AddLock(connection: connection, settings: configuration.settings, random: worker.random)
  }

  private init(connection: consuming MemcachedConnection, settings: Settings, random: RandomSource) {
    self.connection = connection
    self.settings = settings
    self.random = random
    held.reserveCapacity(Operation.maximumSteps)
  }

  /// Polls until the item is ours. These locks know no sharing.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    // The first digit is never 0, so that the text has always the same length.
    let token = random.next() | 1 << 63
    var deadline: Int64?
    while true {
      do throws(AttemptFailure) {
        if try await add(key, token, &attempt) {
          held.append((key, token))
          return
        }
      } catch {
        // After `ambiguous` the item may be ours; it is released by `reopen()`.
        if error == .ambiguous { held.append((key, token)) }
        throw error
      }
      attempt.count(.polls)
      let now = monotonicNow()
      if now >= deadline ?? .max { throw .notAcquired }
      if deadline == nil { deadline = now &+ settings.timeoutNanoseconds }
      let pause = settings.pollNanoseconds
      await attempt.sleep(nanoseconds: pause / 2 &+ Int64(attempt.random.below(UInt64(pause) &+ 1)))
    }
  }

  private mutating func add(_ key: Int32, _ token: UInt64, _ attempt: inout Attempt) async throws(AttemptFailure)
    -> Bool
  {
    connection.request.clear()
    connection.request.append("add ")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(" 0 ")
    connection.request.append(settings.ttlSeconds)
    connection.request.append(" 16\r\n")
    connection.request.append(hexadecimal: token)
    connection.request.append("\r\n")
    try await connection.perform(1, decides: true, &attempt)
    return connection.replies.kind(0) == .stored
  }

  /// Deletes the item if it still holds our token.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let index = held.firstIndex(where: { $0.key == key }) else { return }
    do throws(AttemptFailure) {
      appendLookUp(key)
      try await connection.perform(1, decides: false, &attempt)
      var isOurs = connection.isValue(held[index].token)
      if isOurs {
        appendDeletion(key)
        try await connection.perform(1, decides: false, &attempt)
        isOurs = connection.replies.kind(0) == .done
      }
      held.remove(at: index)
      if !isOurs { attempt.count(.expiredHolds) }
    } catch {
      // With a broken session it is kept for `reopen()`; otherwise only the expiry can help.
      if !error.breaksSession { held.remove(at: index) }
      throw error
    }
  }

  private mutating func appendLookUp(_ key: Int32) {
    connection.request.clear()
    connection.request.append("gets ")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append("\r\n")
  }

  private mutating func appendDeletion(_ key: Int32) {
    let version = connection.replies.version(0)
    connection.request.clear()
    connection.request.append("md ")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(" C")
    connection.request.append(version)
    connection.request.append("\r\n")
  }

  /// Connects again and releases what may still be ours.
  mutating func reopen() async throws(SetupFailure) {
    try await connection.open()
    while let (key, token) = held.last {
      appendLookUp(key)
      try await connection.askOnce()
      if connection.isValue(token) {
        appendDeletion(key)
        try await connection.askOnce()
      }
      held.removeLast()
    }
  }

  consuming func close() async {}

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "memcached.add-lock", summary: "add with an owner token and an expiry, around a read and a write",
      documentation: documentation, needs: ["memcached"], store: store,
      stores: [store], options: options, scope: .network, threading: .shared,
      returnsValues: true, roundTripsUnderLock: store == "memory" ? 2 : 4)
  }

  private static let options = [
    OptionSpecification(
      "ttl", .duration(.seconds(1)...(.seconds(3600))), default: .duration(.seconds(30)),
      "How long the lock lasts if nobody releases it; whole seconds."),
    OptionSpecification(
      "poll", .duration(.microseconds(10)...(.seconds(10))), default: .duration(.milliseconds(1)),
      "Mean time between two tries to get a lock that is taken."),
    OptionSpecification(
      "timeout", .duration(.zero...(.seconds(3600))), default: .duration(.seconds(10)),
      "How long to wait for a lock before the attempt fails as not-acquired."),
  ]
}

extension MemcachedConnection {
  /// Whether the reply is a value that spells a token.
  fileprivate func isValue(_ token: UInt64) -> Bool {
    guard replies.kind(0) == .value, replies.value.count == 16 else { return false }
    return replies.value.indices.allSatisfy { replies.value[$0] == token.hexadecimalDigit($0) }
  }
}

extension RequestBuffer {
  /// 16 digits.
  fileprivate mutating func append(hexadecimal number: UInt64) {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { digits in
      for index in 0..<16 { digits[index] = number.hexadecimalDigit(index) }
      append(UnsafeRawBufferPointer(digits))
    }
  }
}

extension UInt64 {
  /// One of 16 digits, the most significant first.
  fileprivate func hexadecimalDigit(_ index: Int) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * index)) & 15
    return digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
  }
}
#endif
