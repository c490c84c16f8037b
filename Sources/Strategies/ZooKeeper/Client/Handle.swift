#if ZooKeeper
internal import CZooKeeper
@preconcurrency internal import Glibc
internal import Runtime

/// One session of the library without threads (`libzookeeper_st`): a request goes out at once, and its answer arrives
/// within ``process(writable:)``. One request at a time, on one thread.
///
/// The library connects again by itself; the session, its nodes and its watches outlive the connection.
final class Handle {
  /// What the last request got.
  private(set) var answer = Answer()
  /// Whether the last request has its answer.
  private(set) var isAnswered = true
  /// The path whose watch is waited for; nil when it has fired, or something happened to the session.
  var watched: String?

  private var handle: OpaquePointer?
  /// Of the connection, as the library said last; -1 for none.
  private var descriptor: Int32 = -1
  /// The library writes into it when a multi-request is answered.
  private var results: UnsafeMutablePointer<zoo_op_result_t>?

  /// The parts of answers, as far as the kind of request has them.
  struct Answer {
    var code = ResultCode.success
    /// The decimal number that the node holds; nil when it holds something else.
    var value: Int64?
    /// How often the node was written.
    var version: Int32 = 0
    /// Where the node was created, with its sequence number.
    var path = ""
    /// The number of the transaction that created it.
    var creation: Int64 = 0
    var children: [String] = []
  }

  /// - Parameter hosts: as the library takes them: `host:port,host:port/chroot`.
  init?(hosts: String, timeoutMilliseconds: Int32) {
    // Every lost connection would be a line on standard error; attempts count them.
    zoo_set_debug_level(ZooLogLevel(0))
    handle = zookeeper_init(hosts, nil, timeoutMilliseconds, nil, nil, 0)
    if handle == nil { return nil }
  }

  deinit { close() }

  /// Ends the session, which removes its nodes: a message if there is a connection. Blocks until the server has
  /// answered, 1.5 s at most.
  func close() {
    if let handle { zookeeper_close(handle) }
    handle = nil
    results?.deallocate()
    results = nil
  }

  // MARK: state

  var isConnected: Bool { zoo_state(handle) == ZOO_CONNECTED_STATE }
  /// Whether the session has expired, or was refused.
  var isOver: Bool { handle == nil || is_unrecoverable(handle) != ZOK.rawValue }
  /// What server and client have agreed on, in milliseconds.
  var timeoutMilliseconds: Int64 { Int64(zoo_recv_timeout(handle)) }

  /// Whether the server has ended the connection, and the library has not noticed: a request would be written to nobody,
  /// and its loss be taken for that of one that may have been carried out.
  var isDeaf: Bool { descriptor >= 0 && isConnected && hasPeerEnded(descriptor) }

  /// What the session waits for.
  struct Interest {
    /// Nil when there is no connection, and the next try is due at the end of the wait.
    var descriptor: Int32?
    var wantsToWrite = false
    var nanoseconds: Int64
  }

  /// Connects, sends a ping, gives up on a silent server, as the time has come, and says what to wait for.
  func interest() -> Interest {
    var descriptor: Int32 = -1
    var events: Int32 = 0
    var time = timeval()
    let code = zookeeper_interest(handle, &descriptor, &events, &time)
    self.descriptor = descriptor
    let nanoseconds = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
    guard code == ZOK.rawValue, descriptor >= 0 else {
      return Interest(descriptor: nil, nanoseconds: max(nanoseconds, 1_000_000))
    }
    return Interest(
      descriptor: descriptor, wantsToWrite: events & ZOOKEEPER_WRITE != 0,
      nanoseconds: max(nanoseconds, 1_000_000))
  }

  /// Reads what has arrived, one message a time, until nothing is left or the request has its answer.
  ///
  /// - Parameter writable: whether bytes that wait to be sent may go now, or the connection has come about.
  func process(writable: Bool) {
    var events = ZOOKEEPER_READ
    if writable { events |= ZOOKEEPER_WRITE }
    while zookeeper_process(handle, events) == ZOK.rawValue {
      if isAnswered && watched == nil { return }
      events = ZOOKEEPER_READ
    }
  }

  // MARK: requests

  /// Reads a node; with `watches`, ``watched`` becomes nil at its next change.
  func get(_ path: String, watches: Bool = false) {
    submit { zoo_awget(handle, path, watches ? watchFired : nil, context, dataArrived, context) }
  }

  /// Writes a number; whatever is there when the version is -1.
  func set(_ path: String, _ value: Int64, version: Int32 = -1) {
    let text = String(value)
    submit {
      zoo_aset(
        handle, path, text, Int32(text.utf8.count), version,
        { code, status, context in
          Handle.answer(context, code) { $0.version = status?.pointee.version ?? 0 }
        }, context)
    }
  }

  /// How long a node lives.
  enum Lifetime {
    /// Until it is removed.
    case persistent
    /// As `persistent`, but the server may remove it when it has lost its last child.
    case container
    /// As long as the session; its name is completed by a number, one higher than the last one's of the same parent.
    case ephemeralSequential

    fileprivate var mode: Int32 {
      switch self {
      case .persistent: ZOO_PERSISTENT
      case .container: ZOO_CONTAINER
      case .ephemeralSequential: ZOO_EPHEMERAL_SEQUENTIAL
      }
    }
  }

  /// Creates a node that everybody may use.
  func create(_ path: String, _ lifetime: Lifetime, value: Int64 = 0) {
    let text = String(value)
    submit {
      zoo_acreate2(
        handle, path, text, Int32(text.utf8.count), czookeeper_open_acl(), lifetime.mode,
        { code, path, status, context in
          Handle.answer(context, code) {
            $0.path = path.map { String(cString: $0) } ?? ""
            $0.creation = status?.pointee.czxid ?? 0
          }
        }, context)
    }
  }

  /// Removes a node without children.
  func delete(_ path: String) {
    submit {
      zoo_adelete(handle, path, -1, { code, context in Handle.answer(context, code) { _ in } }, context)
    }
  }

  /// Lists children; with `watches`, ``watched`` becomes nil when one comes or goes.
  func children(_ path: String, watches: Bool = false) {
    submit { zoo_awget_children(handle, path, watches ? watchFired : nil, context, namesArrived, context) }
  }

  /// Waits until the server at hand knows everything that its leader had acknowledged before.
  func sync(_ path: String) {
    submit { zoo_async(handle, path, { code, _, context in Handle.answer(context, code) { _ in } }, context) }
  }

  /// One step of a request that happens as a whole or not at all.
  struct Change {
    let path: String
    /// Of the node as it must be.
    let version: Int32
    /// Nil only to check the version.
    let value: Int64?
  }

  /// Sends several steps as one request; at least one.
  func multi(_ changes: [Change]) {
    results?.deallocate()
    let results = UnsafeMutablePointer<zoo_op_result_t>.allocate(capacity: changes.count)
    self.results = results
    let steps = UnsafeMutablePointer<zoo_op_t>.allocate(capacity: changes.count)
    defer { steps.deallocate() }
    // The library copies them into its message before it returns.
    var strings: [UnsafeMutablePointer<CChar>?] = []
    defer { for string in strings { free(string) } }
    for (index, change) in changes.enumerated() {
      let path = strdup(change.path)
      strings.append(path)
      if let value = change.value {
        let text = strdup(String(value))
        strings.append(text)
        zoo_set_op_init(steps + index, path, text, text.map { Int32(strlen($0)) } ?? -1, change.version, nil)
      } else {
        zoo_check_op_init(steps + index, path, change.version)
      }
    }
    submit {
      zoo_amulti(
        handle, Int32(changes.count), steps, results, { code, context in Handle.answer(context, code) { _ in } },
        context)
    }
  }

  // MARK: answers

  private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  private func submit(_ request: () -> Int32) {
    isAnswered = false
    answer = Answer()
    let code = request()
    if code != ZOK.rawValue {
      answer.code = ResultCode(number: code)
      isAnswered = true
    }
  }

  fileprivate static func answer(_ context: UnsafeRawPointer?, _ code: Int32, _ take: (inout Answer) -> Void) {
    guard let context else { return }
    Unmanaged<Handle>.fromOpaque(context)._withUnsafeGuaranteedRef { handle in
      handle.answer.code = ResultCode(number: code)
      if code == ZOK.rawValue { take(&handle.answer) }
      handle.isAnswered = true
    }
  }

  fileprivate func takeWatch(_ kind: Int32, _ path: String?) {
    // What happens to the session goes to all watches.
    if kind == ZOO_SESSION_EVENT || path == watched { watched = nil }
  }
}

private func dataArrived(
  _ code: Int32, _ bytes: UnsafePointer<CChar>?, _ length: Int32, _ status: UnsafePointer<Stat>?,
  _ context: UnsafeRawPointer?
) {
  Handle.answer(context, code) { answer in
    answer.version = status?.pointee.version ?? 0
    let text = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(max(0, length)))
    answer.value = Int64(String(decoding: text, as: UTF8.self))
  }
}

private func namesArrived(_ code: Int32, _ names: UnsafePointer<String_vector>?, _ context: UnsafeRawPointer?) {
  Handle.answer(context, code) { answer in
    let list = UnsafeBufferPointer(start: names?.pointee.data, count: Int(names?.pointee.count ?? 0))
    answer.children = list.compactMap { $0.map { String(cString: $0) } }
  }
}

private func watchFired(
  _: OpaquePointer?, _ kind: Int32, _ state: Int32, _ path: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?
) {
  guard let context else { return }
  Unmanaged<Handle>.fromOpaque(context)._withUnsafeGuaranteedRef { handle in
    handle.takeWatch(kind, path.map { String(cString: $0) })
  }
}
#endif
