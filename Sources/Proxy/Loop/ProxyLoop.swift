internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Passes everything on, on a thread of its own: one epoll descriptor for all connections, edge-triggered.
final class ProxyLoop {
  /// The error of a unix socket whose queue is full.
  static let again = EAGAIN

  /// The moment at which the events at hand are dealt with.
  var now = monotonicNow()
  var heap = DueHeap()
  /// How long ago what has woken us up arrived: about as long as a waking takes. Zero for what came while we were awake.
  private(set) var lag: Int64 = 0
  /// Connections to servers that are being made.
  var awaiting: [Connection] = []
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  private(set) var links: [ProxyLink] = []
  var isStopping = false

  private let orders: Orders
  private let epoll: Int32
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: ProxyLoop.batch)
  private var sockets: [Socket?] = []
  private var free: [Int] = []
  /// Places of sockets that were closed while events of the same batch may still name them.
  private var released: [Int] = []
  private static let batch = 128
  private static let wakeSlot = Int.max
  /// How late the kernel lately was with waking us up; so much earlier the next waking is asked for.
  private(set) var lead: Int64 = 25_000
  private static let longestLead: Int64 = 60_000
  /// What is due so soon goes along with what is due: each waking of a client costs it as much as an operation.
  private static let batching: Int64 = 30_000
  /// How far ahead of now things are due.
  private(set) var horizon: Int64 = 0

  /// - Parameter epoll: belongs to the loop.
  init(_ orders: Orders, epoll: Int32) {
    self.orders = orders
    self.epoll = epoll
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = UInt64(Self.wakeSlot)
    epoll_ctl(epoll, EPOLL_CTL_ADD, orders.wake, &event)
  }

  deinit {
    scratch.deallocate()
    events.deallocate()
    close(epoll)
  }

  /// Runs until it is told to stop; closes everything then.
  func run() {
    clinux_set_thread_name(ServiceProxy.threadName)
    clinux_set_timer_slack(1)
    // A network does not wait for a CPU. Without the right to it, distances are longer when the CPUs are busy.
    clinux_run_at_once()
    while !isStopping {
      wait()
      fire()
      if !awaiting.isEmpty { advance() }
      free += released
      released.removeAll(keepingCapacity: true)
    }
    for link in links {
      for connection in Array(link.connections.values) { connection.close(self) }
      link.listener.close()
      if let path = link.socketPath { unlink(path) }
    }
  }

  // MARK: sockets

  /// Watches a socket.
  func add(_ socket: Socket, _ owner: Socket.Owner) {
    socket.owner = owner
    socket.slot = free.popLast() ?? sockets.count
    if socket.slot == sockets.count { sockets.append(socket) } else { sockets[socket.slot] = socket }
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.u64 = UInt64(socket.slot)
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket.descriptor, &event)
  }

  /// Forgets a socket that was closed.
  func remove(_ socket: Socket) {
    socket.owner = .nobody
    guard socket.slot >= 0 else { return }
    sockets[socket.slot] = nil
    released.append(socket.slot)
    socket.slot = -1
  }

  /// Lets clients in from now on.
  func add(_ link: ProxyLink) {
    links.append(link)
    add(link.listener, .link(link))
  }

  // MARK: events

  private func wait() {
    var timeout: Int64 = awaiting.isEmpty ? -1 : 500_000
    let due = heap.next
    if let due {
      let left = max(0, due &- lead &- monotonicNow())
      timeout = timeout < 0 ? left : min(timeout, left)
    }
    let before = monotonicNow()
    let count = clinux_epoll_wait_ns(epoll, events, Int32(Self.batch), timeout)
    now = monotonicNow()
    if count == 0, timeout > 0, let due, awaiting.isEmpty {
      let late = now &- (due &- lead)
      lead = min(Self.longestLead, max(0, lead &+ (late &- lead) / 8))
    }
    guard count > 0 else { return }
    // Shorter than this nobody has slept.
    lag = now &- before > lead ? lead : 0
    defer { lag = 0 }
    for index in 0..<Int(count) {
      let slot = events[index].data.u64
      if slot == UInt64(Self.wakeSlot) {
        for order in orders.take() { order(self) }
      } else if let socket = sockets[Int(slot)] {
        note(events[index].events, of: socket)
      }
    }
  }

  private func note(_ events: UInt32, of socket: Socket) {
    let ends = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
    if events & ends != 0 { socket.hasHungUp = true }
    if events & (EPOLLIN.rawValue | ends) != 0 { socket.isReadable = true }
    if events & EPOLLOUT.rawValue != 0 { socket.isWritable = true }
    switch socket.owner {
    case .link(let link): accept(link)
    case .connection(let connection): connection.pump(self)
    case .nobody: break
    }
  }

  /// Lets in who waits.
  func accept(_ link: ProxyLink) {
    while !link.isHeld, link.listener.isOpen {
      let descriptor = clinux_accept(link.listener.descriptor)
      guard descriptor >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      var one: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      let client = Socket(descriptor)
      if link.isRefusing {
        client.reset()
        continue
      }
      let connection = Connection(link, client)
      link.connections[ObjectIdentifier(connection)] = connection
      add(client, .connection(connection))
      connection.isHeld = link.isHolding(client)
      if !connection.isHeld { connection.connect(self) }
    }
  }

  /// Sends what is due.
  private func fire() {
    if heap.next == nil { return }
    now = monotonicNow()
    guard let first = heap.next, first <= now else { return }
    horizon = Self.batching
    defer { horizon = 0 }
    while let entry = heap.take(until: now &+ Self.batching) {
      if entry.flow.scheduled == entry.due { entry.flow.scheduled = .max }
      if !entry.connection.isClosed { entry.flow.pump(entry.connection, self) }
    }
  }

  private func advance() {
    let connections = awaiting
    awaiting = []
    for connection in connections { connection.advance(self) }
  }
}
