internal import CLinux
@preconcurrency internal import Glibc
public import Model
internal import Runtime
internal import Synchronization

/// Stands between clients and servers, on TCP and unix sockets, and passes everything on: at once, from a distance, or
/// not at all.
///
/// It works on one thread of its own, named ``threadName``, so that its CPU time can be told from that of its process.
/// What is encrypted passes, too, but no requests are recognised in it. Everything is closed when the last reference
/// goes.
public final class ServiceProxy: Sendable {
  /// The way to one server, as a handle for orders.
  public struct Link: Sendable, Equatable {
    let index: Int
  }

  /// The name of the proxies' threads.
  public static let threadName = "contend-proxy"

  private let orders: Orders
  private let thread: pthread_t
  private let seed: UInt64
  private let count = Mutex(0)

  /// Starts its thread.
  ///
  /// - Parameter seed: of jitter, and of the choice of requests.
  public init(seed: UInt64 = 1) throws(ProxyFailure) {
    self.seed = seed
    do throws(SystemFailure) {
      orders = try Orders()
      let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
      guard epoll >= 0 else { throw SystemFailure("epoll_create1") }
      let body = Unmanaged.passRetained(ThreadBody(orders, epoll: epoll))
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument {
            let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            ProxyLoop(body.orders, epoll: body.epoll).run()
          }
          return nil
        }, body.toOpaque())
      guard status == 0 else {
        body.release()
        close(epoll)
        errno = status
        throw SystemFailure("pthread_create")
      }
      self.thread = thread
    } catch {
      throw ProxyFailure("cannot start a proxy: \(error)")
    }
  }

  deinit {
    orders.give { $0.isStopping = true }
    pthread_join(thread, nil)
  }

  // MARK: standing between

  /// Puts itself in front of the servers of a URL.
  ///
  /// - Parameters:
  ///   - url: where clients were to connect; may hold credentials.
  ///   - service: name of the service.
  ///   - recognising: the protocol in which requests are looked for; nil for none, which costs nothing.
  /// - Returns: where they are to connect instead, and one link for each server, in the order of the URL.
  /// - Throws: when that cannot be done with such a URL.
  public func stand(
    before url: String, of service: String, recognising wire: WireProtocol? = nil
  ) throws(ProxyFailure) -> (url: String, links: [Link]) {
    let address = try ServiceAddress(url, service: service)
    var places: [ListeningSocket.Place] = []
    var made: [Link] = []
    for server in address.servers {
      let listening = try ListeningSocket(before: server)
      places.append(listening.place)
      made.append(stand(before: server.addresses, listening, recognising: wire))
    }
    return (address.url(with: places), made)
  }

  /// Puts itself in front of a server on 127.0.0.1, at the same port of 127.0.0.2. Members connect to one that was elected
  /// a moment before it listens: they are kept waiting for a second.
  public func stand(beforePeersAt port: Int) throws(ProxyFailure) -> Link {
    let listening = try ListeningSocket(besidePort: port)
    let server = SocketAddress.resolve(host: "127.0.0.1", port: "\(port)")
    return stand(before: server, listening, recognising: nil, patience: 1_000_000_000)
  }

  /// Lets clients in at a socket, which it takes over, and passes them on.
  ///
  /// - Parameters:
  ///   - target: addresses of one server, in the order in which they are tried.
  ///   - patience: how long a server that refuses is tried again; nanoseconds.
  func stand(
    before target: [SocketAddress], _ listening: ListeningSocket, recognising wire: WireProtocol?, patience: Int64 = 0
  ) -> Link {
    let (descriptor, path, seed) = (listening.descriptor, listening.path, seed)
    return count.withLock { count in
      orders.give { loop in
        let seed = seed &+ UInt64(loop.links.count)
        loop.add(
          ProxyLink(
            Socket(descriptor), socketPath: path, to: target, wire: wire, patience: patience, seed: seed))
      }
      count += 1
      return Link(index: count - 1)
    }
  }

  // MARK: disturbing

  /// Puts servers at a distance.
  public func setDistance(_ distance: Distance, _ links: [Link]) {
    forEach(links) { link, _ in
      link.distance = distance.roundTrip.nanoseconds
      link.jitter = distance.jitter.nanoseconds
    }
  }

  /// Does something to all connections at once, and to those that come.
  public func disturb(_ means: CutMeans, _ links: [Link]) {
    forEach(links) { link, loop in
      switch means {
      case .reset, .halfOpen: for connection in Array(link.connections.values) { connection.cut(means, loop) }
      case .refuse:
        link.isRefusing = true
        for connection in Array(link.connections.values) { connection.cut(.reset, loop) }
      case .blackHole: link.isHeld = true
      case .delay(let delay, let jitter):
        link.extraDistance = delay.nanoseconds
        link.extraJitter = jitter.nanoseconds
      case .slowReader(let rate): link.bytesPerSecond = rate
      }
    }
  }

  /// Holds everything of some connections, and of those that come: neither side is told.
  ///
  /// - Parameter isMeant: of which, by the port of the client and the port that it has connected to. Asked once for each
  ///   connection, on the proxy's thread.
  public func hold(_ links: [Link], where isMeant: @escaping @Sendable (_ client: Int, _ server: Int) -> Bool) {
    forEach(links) { link, loop in
      link.holds = isMeant
      for connection in Array(link.connections.values) {
        let isHeld = link.isHolding(connection.client)
        if connection.isHeld && !isHeld { connection.release(loop) } else { connection.isHeld = isHeld }
      }
    }
  }

  /// Undoes ``disturb(_:_:)`` and ``hold(_:where:)``: what was held passes, and servers are told of clients that are gone.
  public func calm(_ links: [Link]) {
    forEach(links) { link, loop in
      (link.extraDistance, link.extraJitter, link.bytesPerSecond) = (0, 0, nil)
      (link.isHeld, link.isRefusing, link.holds) = (false, false, nil)
      for connection in Array(link.connections.values) {
        if connection.isHalfOpen { connection.close(loop) } else { connection.release(loop) }
      }
      loop.accept(link)
    }
  }

  /// Cuts connections at requests from now on.
  ///
  /// - Parameter deadline: a moment of `monotonicNow()` after which none is cut.
  /// - Returns: how many were cut by now.
  public func arm(
    _ selection: RequestSelection, _ means: CutMeans, _ links: [Link], until deadline: Int64
  ) -> CutTally {
    let tally = CutTally()
    let (seed, indices) = (seed, links.map(\.index))
    orders.give { loop in
      // One for all links: the n-th request is counted over all connections.
      let cut = ArmedCut(selection, means, until: deadline, seed: seed, tally)
      for index in indices where loop.links.indices.contains(index) { loop.links[index].cuts.append(cut) }
    }
    return tally
  }

  /// Cuts no more, and ends connections that hang.
  public func disarm(_ links: [Link]) {
    forEach(links) { link, loop in
      for cut in link.cuts {
        for connection in cut.held { connection.close(loop, resetting: true) }
        cut.held = []
      }
      link.cuts = []
    }
  }

  private func forEach(_ links: [Link], _ body: @escaping @Sendable (ProxyLink, ProxyLoop) -> Void) {
    let indices = links.map(\.index)
    orders.give { loop in
      for index in indices where loop.links.indices.contains(index) { body(loop.links[index], loop) }
    }
  }
}

private final class ThreadBody {
  let orders: Orders
  let epoll: Int32
  init(_ orders: Orders, epoll: Int32) {
    self.orders = orders
    self.epoll = epoll
  }
}

/// Why a proxy cannot stand where it should, in one sentence without credentials.
public struct ProxyFailure: Error, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}
