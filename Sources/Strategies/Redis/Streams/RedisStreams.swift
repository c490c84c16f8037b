internal import CHiredis
public import Model
public import Runtime

/// Messages in Redis Streams: one stream for each service, with one consumer group.
///
/// A message that was acknowledged is deleted, so that a stream holds what nobody has handled.
public struct RedisStreams: MessageTransport, ~Copyable {
  private var session: StreamConnection
  private let keys: StreamKeys
  private let role: MessageRole
  private let consumer: String
  /// The message in hand.
  private var entry: [UInt8] = []
  /// Whether there may be messages that this consumer was given before, in this process or in another.
  private var hasOwnLeft = true
  /// When it last looked for those of others, in ``monotonicNow()``.
  private var lastClaim: Int64 = 0

  /// Where the server is, and how streams of the run are called.
  public struct Configuration: Sendable {
    let redis: RedisConfiguration
    let keys: StreamKeys
  }

  /// After the commit of its effect.
  public static var acknowledging: Acknowledging { .afterEffect }

  /// Checks the address.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(redis: try RedisConfiguration(environment), keys: StreamKeys(environment.namespace))
  }

  /// Connects, and makes the group of its service if it is not there.
  public static func open(
    _ configuration: Configuration, as role: MessageRole, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RedisStreams {
    var streams = RedisStreams(
      session: try StreamConnection(configuration.redis, worker), keys: configuration.keys, role: role)
    try await streams.reopen()
    return streams
  }

  private init(session: consuming StreamConnection, keys: StreamKeys, role: MessageRole) {
    self.session = session
    self.keys = keys
    self.role = role
    consumer = "receiver-\(role.receiver)"
  }

  /// Connects again. What it was given before and has not acknowledged comes first.
  public mutating func reopen() async throws(SetupFailure) {
    try await session.open()
    hasOwnLeft = true
    guard let service = role.service else { return }
    begin(words: 6, "XGROUP")
    session.connection.request.append("CREATE")
    session.connection.request.append(keys.messages, Int32(service))
    session.connection.request.append(Self.group)
    session.connection.request.append("0")
    session.connection.request.append("MKSTREAM")
    do throws(AttemptFailure) { try await session.ask(1, until: patience()) { _ in } } catch {
      // Others have made it.
      if error == .error, session.errorText?.contains("BUSYGROUP") == true { return session.forgetError() }
      throw SetupFailure(session.errorText ?? "Redis closed the connection while a group of receivers was made")
    }
  }

  /// `XADD`. The reply says that it is in the memory of the server; on its disk it is when Redis is told to.
  public mutating func publish(_ message: borrowing Message, to service: Int) async throws(AttemptFailure) {
    session.connection.request.clear()
    append(message, to: keys.messages, service)
    try await session.ask(1, until: patience()) { _ in }
  }

  // MARK: receiving

  /// `XREADGROUP`: its own ones that are pending, then new ones; `XAUTOCLAIM` takes over what others have had for long.
  public mutating func receive(_ message: inout Message, until deadline: Int64) async throws(AttemptFailure) -> Bool {
    guard let service = role.service else { throw .error }
    if hasOwnLeft {
      if try await read(&message, service, isNew: false, until: deadline) { return true }
      hasOwnLeft = false
    }
    if monotonicNow() &- lastClaim > role.patience / 2 {
      if try await claim(&message, service) { return true }
      lastClaim = monotonicNow()
    }
    return try await read(&message, service, isNew: true, until: deadline)
  }

  private mutating func read(
    _ message: inout Message, _ service: Int, isNew: Bool, until deadline: Int64
  ) async throws(AttemptFailure) -> Bool {
    begin(words: isNew ? 11 : 9, "XREADGROUP")
    session.connection.request.append("GROUP")
    session.connection.request.append(Self.group)
    session.connection.request.append(text: consumer)
    session.connection.request.append("COUNT")
    session.connection.request.append("1")
    if isNew {
      session.connection.request.append("BLOCK")
      // 0 would be for ever.
      session.connection.request.append(max(1, (deadline &- monotonicNow()) / 1_000_000))
    }
    session.connection.request.append("STREAMS")
    session.connection.request.append(keys.messages, Int32(service))
    if isNew { session.connection.request.append(">") } else { session.connection.request.append("0") }
    let found = try await session.ask(1, until: patience(beyond: deadline)) {
      // Streams that have something, each as its key and its entries.
      Self.take($0.element(0)?.element(1)?.element(0), &message, &entry)
    }
    guard found else { return try await dropUnreadable(service) }
    if !isNew { message.deliveries = try await deliveries(service) }
    return true
  }

  private mutating func claim(_ message: inout Message, _ service: Int) async throws(AttemptFailure) -> Bool {
    begin(words: 8, "XAUTOCLAIM")
    session.connection.request.append(keys.messages, Int32(service))
    session.connection.request.append(Self.group)
    session.connection.request.append(text: consumer)
    session.connection.request.append(role.patience / 1_000_000)
    session.connection.request.append("0-0")
    session.connection.request.append("COUNT")
    session.connection.request.append("1")
    // The next cursor, then entries.
    let found = try await session.ask(1, until: patience()) { Self.take($0.element(1)?.element(0), &message, &entry) }
    guard found else { return try await dropUnreadable(service) }
    message.deliveries = try await deliveries(service)
    return true
  }

  /// Takes an entry: its id, and one field with its value.
  private static func take(_ reply: redisReply?, _ message: inout Message, _ entry: inout [UInt8]) -> Bool {
    entry.removeAll(keepingCapacity: true)
    guard let reply, let id = reply.element(0) else { return false }
    entry.append(contentsOf: id.bytes)
    guard let value = reply.element(1)?.element(1) else { return false }
    return message.take(value.bytes)
  }

  /// An entry that is no message of ours, or that somebody has deleted, must not be read for ever. Always false.
  private mutating func dropUnreadable(_ service: Int) async throws(AttemptFailure) -> Bool {
    if !entry.isEmpty { try await acknowledge() }
    return false
  }

  /// How often the entry in hand was delivered.
  private mutating func deliveries(_ service: Int) async throws(AttemptFailure) -> Int64 {
    begin(words: 6, "XPENDING")
    session.connection.request.append(keys.messages, Int32(service))
    session.connection.request.append(Self.group)
    appendEntry()
    appendEntry()
    session.connection.request.append("1")
    return try await session.ask(1, until: patience()) { $0.element(0)?.element(3)?.integer ?? 1 }
  }

  // MARK: afterwards

  /// `XACK` and `XDEL`, both or neither.
  public mutating func acknowledge() async throws(AttemptFailure) {
    guard let service = role.service, !entry.isEmpty else { return }
    begin(words: 1, "MULTI")
    appendAcknowledgement(service)
    try await session.ask(4, until: patience()) { _ in }
    entry.removeAll(keepingCapacity: true)
  }

  /// `XADD` to the dead letters, `XACK` and `XDEL`, all or none.
  public mutating func reject(_ message: borrowing Message) async throws(AttemptFailure) {
    guard let service = role.service, !entry.isEmpty else { return }
    begin(words: 1, "MULTI")
    append(message, to: keys.deadLetters, service)
    appendAcknowledgement(service)
    try await session.ask(5, until: patience()) { _ in }
    entry.removeAll(keepingCapacity: true)
  }

  /// `XLEN` of both streams.
  public mutating func count(at service: Int) async throws(AttemptFailure) -> MessageCounts {
    MessageCounts(
      waiting: try await length(of: keys.messages, service), dead: try await length(of: keys.deadLetters, service))
  }

  private mutating func length(of stream: KeyPrefix, _ service: Int) async throws(AttemptFailure) -> Int64 {
    begin(words: 2, "XLEN")
    session.connection.request.append(stream, Int32(service))
    return try await session.ask(1, until: patience()) { $0.integer }
  }

  /// The text of an unexpected error.
  public var errorText: String? { session.errorText }

  /// Closes the connection.
  public mutating func close() async { session.close() }

  // MARK: requests

  private static var group: StaticString { "services" }

  private mutating func begin(words: Int, _ command: StaticString) {
    session.connection.request.clear()
    session.connection.request.command(words: words)
    session.connection.request.append(command)
  }

  private mutating func append(_ message: borrowing Message, to stream: KeyPrefix, _ service: Int) {
    session.connection.request.command(words: 5)
    session.connection.request.append("XADD")
    session.connection.request.append(stream, Int32(service))
    session.connection.request.append("*")
    session.connection.request.append("m")
    message.withBytes { session.connection.request.append($0) }
  }

  private mutating func appendAcknowledgement(_ service: Int) {
    session.connection.request.command(words: 4)
    session.connection.request.append("XACK")
    session.connection.request.append(keys.messages, Int32(service))
    session.connection.request.append(Self.group)
    appendEntry()
    session.connection.request.command(words: 3)
    session.connection.request.append("XDEL")
    session.connection.request.append(keys.messages, Int32(service))
    appendEntry()
    session.connection.request.command(words: 1)
    session.connection.request.append("EXEC")
  }

  private mutating func appendEntry() { entry.withUnsafeBytes { session.connection.request.append($0) } }

  /// How long a server may be silent.
  private func patience(beyond deadline: Int64? = nil) -> Int64 {
    (deadline ?? monotonicNow()) &+ Int64(RedisConnection.patience) * 1_000_000_000
  }
}
