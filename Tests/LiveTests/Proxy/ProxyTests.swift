import Glibc
import Model
import Runtime
import Testing

@testable import Proxy

/// The proxy between a client and a server that sends back what it gets.
struct ProxyTests {
  /// A server, a proxy before it, and where clients connect.
  private final class Scene {
    let server: EchoServer
    let proxy: ServiceProxy
    let links: [ServiceProxy.Link]
    let port: Int

    init(_ wire: WireProtocol? = nil) throws {
      server = try EchoServer()
      proxy = try ServiceProxy()
      let stood = try proxy.stand(before: "redis://127.0.0.1:\(server.port)/3", of: "redis", recognising: wire)
      links = stood.links
      port = try #require(stood.url.firstRange(of: "1:").flatMap { Int(stood.url[$0.upperBound...].dropLast(2)) })
    }

    deinit { server.stop() }
  }

  private static let far = RequestSelection(.beforeForwarding, of: "SET", .number(2))

  @Test("what is sent arrives, all of it and in order, also from a distance with jitter")
  func passesOn() throws {
    let scene = try Scene()
    for distance in [Distance(roundTrip: .zero), Distance(roundTrip: .milliseconds(2), jitter: .milliseconds(1))] {
      scene.proxy.setDistance(distance, scene.links)
      let client = try TestClient(port: scene.port)
      let text = (0..<60_000).map { "\($0) " }.joined()
      let sender = try BackgroundThread { client.send(text) }
      #expect(client.receive(text.utf8.count) == text)
      sender.join()
    }
  }

  @Test("a round trip takes as long as the distance, and many are under way at once")
  func distance() throws {
    let scene = try Scene()
    scene.proxy.setDistance(Distance(roundTrip: .milliseconds(40)), scene.links)
    let client = try TestClient(port: scene.port)
    let start = monotonicNow()
    for _ in 0..<10 {
      client.send("ab")
      usleep(1000)
    }
    #expect(client.receive(20) == String(repeating: "ab", count: 10))
    let milliseconds = (monotonicNow() - start) / 1_000_000
    // One after the other they would take 400 ms.
    #expect(milliseconds >= 40 && milliseconds < 300)
  }

  @Test("an end is passed on after what was sent before it")
  func end() throws {
    let scene = try Scene()
    scene.proxy.setDistance(Distance(roundTrip: .milliseconds(10)), scene.links)
    var client: TestClient? = try TestClient(port: scene.port)
    client?.send("last words")
    client = nil
    try waitUntil("the server knows") { scene.server.departures == 1 }
    #expect(scene.server.received == Array("last words".utf8))
  }

  @Test("who is reset hears so, and who comes after is let in; who is refused is not")
  func reset() throws {
    let scene = try Scene()
    let client = try TestClient(port: scene.port)
    client.send("a")
    #expect(client.receive(1) == "a")
    scene.proxy.disturb(.reset, scene.links)
    #expect(client.receive(1) == "")
    let second = try TestClient(port: scene.port)
    second.send("b")
    #expect(second.receive(1) == "b")
    scene.proxy.disturb(.refuse, scene.links)
    #expect(second.receive(1) == "")
    let third = try TestClient(port: scene.port)
    third.send("c")
    #expect(third.receive(1) == "")
    scene.proxy.calm(scene.links)
    let fourth = try TestClient(port: scene.port)
    fourth.send("d")
    #expect(fourth.receive(1) == "d")
    #expect(scene.server.received == Array("abd".utf8))
  }

  @Test("nothing passes through a black hole, and what was held passes when it is gone")
  func blackHole() throws {
    let scene = try Scene()
    let client = try TestClient(port: scene.port)
    client.send("a")
    #expect(client.receive(1) == "a")
    scene.proxy.disturb(.blackHole, scene.links)
    client.send("b")
    let second = try TestClient(port: scene.port)
    second.send("c")
    #expect(client.hearsNothing(milliseconds: 50) && second.hearsNothing(milliseconds: 50))
    #expect(scene.server.received == Array("a".utf8))
    scene.proxy.calm(scene.links)
    #expect(client.receive(1) == "b" && second.receive(1) == "c")
  }

  @Test("of a half-open connection the server hears nothing until it is healed")
  func halfOpen() throws {
    let scene = try Scene()
    let client = try TestClient(port: scene.port)
    client.send("a")
    #expect(client.receive(1) == "a")
    scene.proxy.disturb(.halfOpen, scene.links)
    #expect(client.receive(1) == "")
    usleep(50_000)
    #expect(scene.server.departures == 0)
    scene.proxy.calm(scene.links)
    try waitUntil("the server knows") { scene.server.departures == 1 }
  }

  @Test("a slow reader gets everything, at its rate")
  func slowReader() throws {
    let scene = try Scene()
    scene.proxy.disturb(.slowReader(bytesPerSecond: 200_000), scene.links)
    let client = try TestClient(port: scene.port)
    let text = String(repeating: "x", count: 20_000)
    let start = monotonicNow()
    client.send(text)
    #expect(client.receive(text.utf8.count) == text)
    #expect(monotonicNow() - start > 80_000_000)
  }

  @Test("the n-th request of a kind is not forwarded, and everything before it is")
  func beforeForwarding() throws {
    let scene = try Scene(.redis)
    let cuts = scene.proxy.arm(Self.far, .reset, scene.links, until: .max)
    let client = try TestClient(port: scene.port)
    let get = "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"
    let set = "*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\n1\r\n"
    let others = "*1\r\n$5\r\nSETEX\r\n" + get
    // In pieces, as they may arrive.
    for piece in [set, others, String(set.prefix(9))] {
      client.send(piece)
      usleep(5000)
    }
    client.send(set.dropFirst(9) + get)
    try waitUntil("it is cut") { cuts.count == 1 && scene.server.departures == 1 }
    let received = String(decoding: scene.server.received, as: UTF8.self)
    #expect(received.hasPrefix(set + others))
    #expect((set + others + set.dropLast()).hasPrefix(received))
  }

  @Test("before the reply the server has got all of the request, and the client gets nothing")
  func beforeReply() throws {
    let scene = try Scene(.redis)
    let selection = RequestSelection(.beforeReply, of: "EXEC", .number(1))
    let cuts = scene.proxy.arm(selection, .reset, scene.links, until: .max)
    let client = try TestClient(port: scene.port)
    let exec = "*1\r\n$4\r\nEXEC\r\n"
    client.send("PING\r\n" + exec + "PING\r\n")
    #expect(client.receive(100) == "")
    #expect(cuts.count == 1)
    #expect(scene.server.received == Array(("PING\r\n" + exec).utf8))
  }

  @Test("a delayed request arrives late, and the connection goes on")
  func delayedRequest() throws {
    let scene = try Scene(.redis)
    let selection = RequestSelection(.beforeForwarding, of: "SET", .share(1))
    _ = scene.proxy.arm(selection, .delay(.milliseconds(60), jitter: .zero), scene.links, until: .max)
    let client = try TestClient(port: scene.port)
    let start = monotonicNow()
    client.send("SET a 1\r\n")
    #expect(client.receive(9) == "SET a 1\r\n")
    #expect(monotonicNow() - start >= 60_000_000)
  }

  @Test("a URL keeps what is not the place of a server")
  func urls() throws {
    let proxy = try ServiceProxy()
    let (redis, links) = try proxy.stand(before: "redis://a:p%40b@127.0.0.1:1/2", of: "redis")
    #expect(redis.hasPrefix("redis://a:p%40b@127.0.0.1:") && redis.hasSuffix("/2") && links.count == 1)
    let (etcd, members) = try proxy.stand(before: "http://127.0.0.1:1,http://127.0.0.1:2", of: "etcd")
    #expect(etcd.split(separator: ",").count == 2 && etcd.split(separator: ",").allSatisfy { $0.hasPrefix("http://1") })
    #expect(members.count == 2)
    let (rabbitMQ, _) = try proxy.stand(before: "amqp://a:b@127.0.0.1:1/%2F", of: "rabbitmq")
    #expect(rabbitMQ.hasPrefix("amqp://a:b@127.0.0.1:") && rabbitMQ.hasSuffix("/%2F"))
    let (postgres, _) = try proxy.stand(before: "postgresql://u:p@127.0.0.1:1/d?sslmode=disable", of: "postgres")
    #expect(postgres.hasPrefix("postgresql://u:p@/d?sslmode=disable&host=127.0.0.1&hostaddr=127.0.0.1&port="))
    for refused in ["https://h:1", "file:///x", "unix:///tmp/foreign.sock", "mariadb://localhost"] {
      #expect(throws: ProxyFailure.self) { try proxy.stand(before: refused, of: "x") }
    }
  }
}
