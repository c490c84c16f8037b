import Glibc
import Model
import Runtime
import Testing

/// One way to connect for all clients, in three forms: blocking, on an event loop, and for who looks now and then.
@Suite struct ConnectingTests {
  /// A port of 127.0.0.1 where somebody listens.
  private final class Listener {
    let descriptor: Int32
    let port: String

    init() throws {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = withUnsafeMutablePointer(to: &address) { [descriptor] in
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) + listen(descriptor, 16) + getsockname(descriptor, $0, &size)
        }
      }
      try #require(status == 0)
      port = String(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// What the name of a host would lead to whose first addresses nobody serves.
    var addresses: [SocketAddress] {
      ["::1", "127.0.0.2", "127.0.0.1"].flatMap { SocketAddress.resolve(host: $0, port: port) }
    }

    /// Whether the descriptor is connected to this listener.
    func serves(_ connected: Int32) -> Bool {
      let accepted = accept(descriptor, nil, nil)
      defer { close(accepted) }
      var byte: UInt8 = 7
      return accepted >= 0 && send(connected, &byte, 1, 0) == 1 && recv(accepted, &byte, 1, 0) == 1
    }
  }

  /// How a connection on an event loop ended.
  private final class Ending: @unchecked Sendable {  // because the loop runs on the thread of the test
    var result: Result<Int32, ConnectFailure> = .failure(.late)
  }

  private static func onLoop(_ addresses: [SocketAddress]) throws -> Result<Int32, ConnectFailure> {
    let (loop, ending) = (try EventLoop(), Ending())
    loop.start {
      do throws(ConnectFailure) {
        ending.result = .success(try await loop.connect(to: addresses, until: monotonicNow() + 5_000_000_000))
      } catch {
        ending.result = .failure(error)
      }
    }
    loop.run()
    return ending.result
  }

  private static func blocking(_ addresses: [SocketAddress]) -> Result<Int32, ConnectFailure> {
    do throws(ConnectFailure) {
      return .success(try connectBlocking(to: addresses, until: monotonicNow() + 5_000_000_000))
    } catch {
      return .failure(error)
    }
  }

  @Test("addresses that nobody serves are passed over")
  func allAddresses() throws {
    let listener = try Listener()
    #expect(listener.addresses.count >= 2)
    let blocking = try Self.blocking(listener.addresses).get()
    #expect(listener.serves(blocking) && fcntl(blocking, F_GETFL) & O_NONBLOCK == 0)
    let polled = try Self.onLoop(listener.addresses).get()
    #expect(listener.serves(polled) && fcntl(polled, F_GETFL) & O_NONBLOCK != 0)
    let pending = PendingConnection(listener.addresses)
    while pending.advance() == .waiting { usleep(100) }
    #expect(pending.advance() == .connected)
    let taken = pending.take()
    #expect(listener.serves(taken))
    for descriptor in [blocking, polled, taken] { close(descriptor) }
  }

  @Test("when nobody answers, the first address says why")
  func nobody() throws {
    let port = try Listener().port
    let addresses = ["127.0.0.1", "127.0.0.2"].flatMap { SocketAddress.resolve(host: $0, port: port) }
    let missing = [SocketAddress.unix(path: "/nowhere/at.all")]
    #expect(Self.blocking(addresses) == .failure(.system(ECONNREFUSED)))
    #expect(try Self.onLoop(addresses) == .failure(.system(ECONNREFUSED)))
    #expect(Self.blocking(missing + addresses) == .failure(.system(ENOENT)))
    #expect(Self.blocking(SocketAddress.resolve(host: "no-such-host.invalid", port: port)) == .failure(.unknownHost))
    #expect(try Self.onLoop([]) == .failure(.unknownHost))
  }

  @Test("an address that stays silent leaves time for the next")
  func silent() throws {
    // A queue that is full takes no further connection, and the system tries again and again.
    let (full, listener) = (try Listener(), try Listener())
    listen(full.descriptor, 0)
    let address = SocketAddress.resolve(host: "127.0.0.1", port: full.port)
    let waiting = (0..<8).map { _ in PendingConnection(address) }
    for connection in waiting { _ = connection.advance() }
    usleep(10_000)
    try #require(PendingConnection(address).advance() == .waiting)
    let limit = monotonicNow() + 400_000_000
    let descriptor = try connectBlocking(
      to: address + SocketAddress.resolve(host: "127.0.0.1", port: listener.port), until: limit)
    #expect(listener.serves(descriptor) && monotonicNow() < limit)
    close(descriptor)
    #expect(Self.blockingFailure(address) == .late)
  }

  private static func blockingFailure(_ addresses: [SocketAddress]) -> ConnectFailure? {
    do throws(ConnectFailure) {
      close(try connectBlocking(to: addresses, until: monotonicNow() + 50_000_000))
      return nil
    } catch {
      return error
    }
  }

  @Test("that the other side has ended is seen before anything is sent")
  func ended() throws {
    let listener = try Listener()
    let descriptor = try Self.blocking(listener.addresses).get()
    defer { close(descriptor) }
    let accepted = accept(listener.descriptor, nil, nil)
    #expect(!hasPeerEnded(descriptor))
    // What it said before it ended may still be unread.
    _ = send(accepted, "bye", 3, 0)
    close(accepted)
    usleep(1000)
    #expect(hasPeerEnded(descriptor))
  }
}
