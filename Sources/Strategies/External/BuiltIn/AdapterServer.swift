@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One of our own adapters at work: reads requests, and answers those that it can at once or when their time has come.
struct AdapterServer {
  private let kind: BuiltInAdapter
  private let reader = LineReader()
  private var writer = LineWriter()
  private var namespace = ""
  private var held: [Int64: HostLock] = [:]
  private var waiting: [Waiter] = []
  /// How often somebody was seen to wait.
  private var looks = 0

  private struct Waiter {
    let id: Int64
    let key: Int64
    let deadline: Int64
  }

  /// Who waits is looked after a thousand times a second, and let in each time that this was done so often: with eight
  /// who want a lock that is held for milliseconds, about one grant in a hundred.
  private static let leak = 300
  private static let requests: Int32 = 3
  private static let replies: Int32 = 4

  init(_ kind: BuiltInAdapter) {
    self.kind = kind
    _ = fcntl(Self.requests, F_SETFL, fcntl(Self.requests, F_GETFL) | O_NONBLOCK)
  }

  mutating func run() -> Int32 {
    while true {
      var polled = pollfd(fd: Self.requests, events: Int16(POLLIN), revents: 0)
      _ = poll(&polled, 1, waiting.isEmpty ? -1 : 1)
      if polled.revents != 0 {
        switch reader.fill(from: Self.requests) {
        case .end: return 0
        case .nothing: break
        case .data: while let line = reader.next() { if serve(line) { return 0 } }
        }
      }
      lookAfterWaiters()
      guard flush() else { return 0 }
    }
  }

  /// Answers a request; true when it was the last one.
  private mutating func serve(_ line: UnsafeRawBufferPointer) -> Bool {
    var request = ServedRequest()
    guard (try? request.read(line)) != nil, let id = request.id else { return false }
    switch request.type {
    case "hello":
      answer(id, "hello")
      writer.append(#","version":1,"name":"#)
      writer.append(quoted: "contend \(kind.rawValue)")
      writer.append(
        #","role":"lock","lease":"session","fencing":false,"concurrency":"async","max_workers":1024,"retries":"none"}"#)
      writer.append("\n")
    case "configure":
      namespace = request.namespace
      finish(id, "ok")
    case "open": finish(id, "opened")
    case "close": finish(id, "ok")
    case "bye": return true
    case _ where kind == .deaf: break
    case "ping": finish(id, "pong")
    case "acquire": acquire(id, request)
    case "release":
      held[request.key] = nil
      finish(id, "released")
    case "cancel":
      if let index = waiting.firstIndex(where: { $0.id == request.cancelled }) {
        finish(waiting.remove(at: index).id, "not_acquired")
      }
      finish(id, "ok")
    default: finish(id, "unsupported")
    }
    return false
  }

  private mutating func acquire(_ id: Int64, _ request: ServedRequest) {
    if kind == .floor || kind == .grantAll { return finish(id, "granted") }
    if grants(request.key) { return finish(id, "granted") }
    waiting.append(Waiter(id: id, key: request.key, deadline: monotonicNow() &+ request.wait &* 1_000_000))
  }

  private mutating func grants(_ key: Int64) -> Bool {
    guard held[key] == nil, let lock = HostLock("contend-\(namespace)-\(key)") else { return false }
    held[key] = lock
    return true
  }

  private mutating func lookAfterWaiters() {
    for waiter in waiting {
      looks += 1
      let isGranted = grants(waiter.key) || kind == .leaky && looks % Self.leak == 0
      guard isGranted || monotonicNow() > waiter.deadline else { continue }
      waiting.removeAll { $0.id == waiter.id }
      finish(waiter.id, isGranted ? "granted" : "not_acquired")
    }
  }

  private mutating func answer(_ id: Int64, _ type: StaticString) {
    writer.append(#"{"type":""#)
    writer.append(type)
    writer.append(#"","id":"#)
    writer.append(id)
  }

  private mutating func finish(_ id: Int64, _ type: StaticString) {
    answer(id, type)
    writer.append("}\n")
  }

  /// Sends what there is; false when nobody reads it.
  private mutating func flush() -> Bool {
    while !writer.bytes.isEmpty {
      let count = writer.bytes.withUnsafeBytes { write(Self.replies, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      writer.remove(count)
    }
    return true
  }
}

/// What one of our own adapters is asked.
struct ServedRequest {
  private(set) var type = ""
  private(set) var id: Int64?
  private(set) var key: Int64 = 0
  private(set) var wait: Int64 = 0
  private(set) var cancelled: Int64 = 0
  private(set) var namespace = ""

  /// Reads a line.
  mutating func read(_ line: UnsafeRawBufferPointer) throws(Malformed) {
    var cursor = JSONCursor(line)
    try cursor.expect("{")
    repeat {
      let name = try cursor.text()
      try cursor.expect(":")
      if name.equals("type") {
        type = try cursor.text().copy
      } else if name.equals("id") {
        id = try cursor.integer()
      } else if name.equals("key") {
        key = try cursor.integer() ?? 0
      } else if name.equals("wait_ms") {
        wait = try cursor.integer() ?? 0
      } else if name.equals("request") {
        cancelled = try cursor.integer() ?? 0
      } else if name.equals("namespace") {
        namespace = try cursor.text().copy
      } else {
        try cursor.skip()
      }
    } while try cursor.take(",")
    try cursor.expect("}")
    try cursor.expectEnd()
  }
}
