#if Etcd
// MARK: leases

/// Asks for a lease.
struct LeaseGrantRequest: Request {
  typealias Response = LeaseGrantResponse
  static var method: StaticString { "/etcdserverpb.Lease/LeaseGrant" }
  var seconds: Int64

  func write(to writer: inout ProtobufWriter) { writer.integer(1, seconds) }
}

/// A lease, which may be longer than asked for.
struct LeaseGrantResponse: DecodableMessage {
  private(set) var lease: Int64 = 0
  private(set) var seconds: Int64 = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    switch (field, value) {
    case (2, .integer(let number)): lease = Int64(bitPattern: number)
    case (3, .integer(let number)): seconds = Int64(bitPattern: number)
    default: break
    }
  }
}

/// Gives a lease back, which deletes its keys.
struct LeaseRevokeRequest: Request {
  typealias Response = EmptyResponse
  static var method: StaticString { "/etcdserverpb.Lease/LeaseRevoke" }
  var lease: Int64

  func write(to writer: inout ProtobufWriter) { writer.integer(1, lease) }
}

/// One of a stream of requests that keep a lease alive, each of which is answered.
struct LeaseKeepAliveRequest: Request {
  typealias Response = LeaseKeepAliveResponse
  static var method: StaticString { "/etcdserverpb.Lease/LeaseKeepAlive" }
  var lease: Int64

  func write(to writer: inout ProtobufWriter) { writer.integer(1, lease) }
}

/// The time that the lease has again.
struct LeaseKeepAliveResponse: DecodableMessage {
  /// 0 when it has expired.
  private(set) var seconds: Int64 = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    if case (3, .integer(let number)) = (field, value) { seconds = Int64(bitPattern: number) }
  }
}

// MARK: watches

/// Opens a stream of the deletions of a key.
struct WatchRequest: Request {
  typealias Response = WatchResponse
  static var method: StaticString { "/etcdserverpb.Watch/Watch" }
  var key: String
  /// The first that counts.
  var revision: Int64

  func write(to writer: inout ProtobufWriter) { writer.message(1, Creation(key: key, revision: revision)) }

  private struct Creation: EncodableMessage {
    let key: String
    let revision: Int64

    func write(to writer: inout ProtobufWriter) {
      writer.text(1, key)
      writer.integer(3, revision)
      // A list of filters, packed; its only element NOPUT is 0.
      writer.text(5, "\0")
    }
  }
}

/// That the watch was created, that something has happened, or that it was cancelled.
struct WatchResponse: DecodableMessage {
  private(set) var isCancelled = false
  private(set) var hasEvents = false

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    switch (field, value) {
    case (4, .integer(let number)): isCancelled = number != 0
    case (11, .bytes): hasEvents = true
    default: break
    }
  }
}

// MARK: the lock service

/// Asks for a lock; answered when it is held.
struct LockRequest: Request {
  typealias Response = LockResponse
  static var method: StaticString { "/v3lockpb.Lock/Lock" }
  var name: String
  var lease: Int64

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, name)
    writer.integer(2, lease)
  }
}

/// The key by which the lock is held, and the revision of the store when it was granted.
struct LockResponse: DecodableMessage {
  private(set) var header = ResponseHeader()
  private(set) var key: ArraySlice<UInt8> = []

  mutating func take(_ field: Int, _ value: ProtobufValue) throws(DamagedMessage) {
    switch (field, value) {
    case (1, .bytes(let bytes)): header = try ResponseHeader(bytes)
    case (2, .bytes(let bytes)): key = bytes
    default: break
    }
  }
}

/// Gives a lock back.
struct UnlockRequest: Request {
  typealias Response = EmptyResponse
  static var method: StaticString { "/v3lockpb.Lock/Unlock" }
  var key: String

  func write(to writer: inout ProtobufWriter) { writer.text(1, key) }
}

// MARK: about the server

/// Asks a member about itself.
struct StatusRequest: Request {
  typealias Response = StatusResponse
  static var method: StaticString { "/etcdserverpb.Maintenance/Status" }

  func write(to writer: inout ProtobufWriter) {}
}

/// The version of a member.
struct StatusResponse: DecodableMessage {
  private(set) var version = ""

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    if case (2, .bytes(let bytes)) = (field, value) { version = String(decoding: bytes, as: UTF8.self) }
  }
}

/// Asks for the members of the cluster.
struct MemberListRequest: Request {
  typealias Response = MemberListResponse
  static var method: StaticString { "/etcdserverpb.Cluster/MemberList" }

  func write(to writer: inout ProtobufWriter) {}
}

/// How many members there are.
struct MemberListResponse: DecodableMessage {
  private(set) var count = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    if case (2, .bytes) = (field, value) { count += 1 }
  }
}
#endif
