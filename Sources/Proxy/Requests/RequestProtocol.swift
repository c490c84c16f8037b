internal import Model

/// What a message of a client means for those who wait for requests.
enum RequestEvent {
  /// Nothing.
  case other
  /// A request that the server finishes when it hears a ``completion``.
  case request
  /// A request that the server finishes as it is.
  case completeRequest
  /// The requests before it are finished.
  case completion
}

/// How the messages of a client are told apart: all that must be known of a protocol to find requests in it.
protocol RequestProtocol {
  /// From here on nothing is understood: the connection is encrypted, or this is another protocol.
  var isOpaque: Bool { get }
  /// The length of the message that these bytes begin with; nil when more of them are needed to know.
  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int?
  /// Takes one whole message.
  ///
  /// - Parameter request: called with how a request begins, such as the text of its statement.
  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent
  /// Takes what the server answers.
  mutating func readAnswer(_ bytes: UnsafeRawBufferPointer)
}

extension RequestProtocol {
  mutating func readAnswer(_ bytes: UnsafeRawBufferPointer) {}
}

/// The protocols in which requests are recognised.
public enum WireProtocol: String, Sendable, CaseIterable {
  /// PostgreSQL 3.0: simple queries, and prepared statements by their texts.
  case postgres
  /// Redis RESP: arrays of bulk strings, and inline commands.
  case redis
  /// MariaDB and MySQL: queries, and prepared statements by their texts.
  case mariadb
  /// The text protocol of memcached.
  case memcached
  /// ZooKeeper: create, delete, set, get, children, exists, multi, close.
  case zookeeper

  /// The protocol that a service speaks; nil when no requests are recognised in it.
  ///
  /// - Parameter service: name of the service. etcd is not among them: the path of its requests stands in a header that
  ///   is compressed with all that was sent before (HPACK).
  public init?(service: String) {
    switch service {
    case "pgbouncer", "postgres-replicas": self = .postgres
    case "redlock", "redis-replicas", "redis-sentinel": self = .redis
    default: self.init(rawValue: ShardedStore.furtherInstance(service)?.service ?? service)
    }
  }

  func makeReader() -> RequestReader {
    switch self {
    case .postgres: RequestReader(PostgresRequests())
    case .redis: RequestReader(RedisRequests())
    case .mariadb: RequestReader(MariaDBRequests())
    case .memcached: RequestReader(MemcachedRequests())
    case .zookeeper: RequestReader(ZooKeeperRequests())
    }
  }
}

/// Finds the messages of one connection in the pieces in which they arrive.
struct RequestReader {
  private var wire: any RequestProtocol
  /// The beginning of a message whose end has not arrived.
  private var pending: [UInt8] = []

  init(_ wire: any RequestProtocol) { self.wire = wire }

  /// Reads on.
  ///
  /// - Parameters:
  ///   - request: called with how a request begins, before its message is reported.
  ///   - message: called for each whole message, with its place in the piece; it may have begun before. False stops.
  mutating func read(
    _ piece: UnsafeRawBufferPointer, request: (UnsafeRawBufferPointer) -> Void,
    message: (Range<Int>, RequestEvent) -> Bool
  ) {
    if wire.isOpaque { return }
    if pending.isEmpty {
      let end = read(piece, from: 0, request, message)
      pending.append(contentsOf: piece[end...])
    } else {
      let before = pending.count
      var bytes = pending
      bytes.append(contentsOf: piece)
      let end = bytes.withUnsafeBytes { read($0, from: before, request, message) }
      pending = Array(bytes[end...])
    }
  }

  /// - Returns: where the first message begins that is not whole.
  private mutating func read(
    _ bytes: UnsafeRawBufferPointer, from before: Int, _ request: (UnsafeRawBufferPointer) -> Void,
    _ message: (Range<Int>, RequestEvent) -> Bool
  ) -> Int {
    var start = 0
    while start < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let length = wire.length(rest), !wire.isOpaque, length <= rest.count else { break }
      let event = wire.read(UnsafeRawBufferPointer(rebasing: rest[..<length]), request)
      let range = max(0, start - before)..<(start + length - before)
      start += length
      if !message(range, event) { return bytes.count }
    }
    return wire.isOpaque ? bytes.count : start
  }

  /// Takes what the server answers.
  mutating func readAnswer(_ piece: UnsafeRawBufferPointer) { wire.readAnswer(piece) }
}

extension UnsafeRawBufferPointer {
  /// A number of four bytes, the highest first.
  func bigEndian(at offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(self[offset + $1]) } }
  /// A number of some bytes, the lowest first.
  func littleEndian(at offset: Int, bytes: Int) -> Int {
    (0..<bytes).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
  /// The text from an offset to the next zero, and the offset behind it; nil when there is no zero.
  func text(at offset: Int) -> (text: UnsafeRawBufferPointer, next: Int)? {
    guard offset < count, let zero = self[offset...].firstIndex(of: 0) else { return nil }
    return (UnsafeRawBufferPointer(rebasing: self[offset..<zero]), zero + 1)
  }
}
