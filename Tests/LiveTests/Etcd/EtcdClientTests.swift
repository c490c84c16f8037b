#if Etcd
import Glibc
import NetworkTransport
import Model
import Runtime
import Testing
import TrialSupport

@testable import EtcdStrategies

/// Messages as bytes, and calls to a server as they go well and wrong.
@Suite(.serialized) struct EtcdClientTests {
  private static func bytes(_ message: some EncodableMessage) -> [UInt8] {
    var writer = ProtobufWriter()
    message.write(to: &writer)
    return writer.bytes
  }

  // MARK: the wire format

  @Test("fields as the encoding guide of Protocol Buffers shows them")
  func encoding() {
    var writer = ProtobufWriter()
    writer.integer(1, 150)
    #expect(writer.bytes == [0x08, 0x96, 0x01])
    writer.bytes = []
    writer.text(2, "testing")
    #expect(writer.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
    writer.bytes = []
    writer.integer(1, -1)
    #expect(writer.bytes == [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    writer.bytes = []
    writer.integer(1, 0)
    writer.text(2, "")
    writer.flag(3, false)
    #expect(writer.bytes == [])
    writer.flag(16, true)
    #expect(writer.bytes == [0x80, 0x01, 0x01])
  }

  @Test("requests as protoc encodes them")
  func requests() {
    #expect(Self.bytes(PutRequest(key: "k", value: "v", lease: 300)) == [10, 1, 107, 18, 1, 118, 24, 0xAC, 2])
    #expect(Self.bytes(RangeRequest(keys: .prefix("a/"))) == [10, 2, 97, 47, 18, 2, 97, 48])
    let extreme = RangeRequest(keys: .one("a"), extreme: .youngest, createdUpTo: 5)
    #expect(Self.bytes(extreme) == [10, 1, 97, 24, 1, 40, 2, 48, 2, 104, 5])
    #expect(
      Self.bytes(RangeRequest(keys: .one("a"), revision: 7, isSerializable: true, countsOnly: true))
        == [10, 1, 97, 32, 7, 56, 1, 72, 1])
    let transaction = TransactionRequest(
      conditions: [.isUnchanged("a", since: 9), .isMissing("b")], then: [.put(PutRequest(key: "a", value: "1"))],
      otherwise: [.range(RangeRequest(keys: .one("a")))])
    #expect(
      Self.bytes(transaction) == [
        10, 7, 16, 2, 26, 1, 97, 48, 9, 10, 7, 16, 1, 26, 1, 98, 40, 0, 18, 8, 18, 6, 10, 1, 97, 18, 1, 49, 26, 5, 10,
        3,
        10, 1, 97,
      ])
    #expect(Self.bytes(WatchRequest(key: "a", revision: 3)) == [10, 8, 10, 1, 97, 24, 3, 42, 1, 0])
    // A length of two bytes.
    let long = Self.bytes(
      TransactionRequest(then: [.put(PutRequest(key: "a", value: String(repeating: "x", count: 150)))]))
    #expect(Array(long.prefix(6)) == [18, 0x9F, 1, 18, 0x9C, 1] && long.count == 3 + 159)
  }

  @Test("responses are read; fields that are not known do no harm")
  func responses() throws {
    // header {member_id: 1, revision: 300}, kvs {key: "a", create: 2, mod: 9, version: 1, value: "-17"}, count: 1,
    // then fields 20 to 23 of every kind.
    let bytes: [UInt8] = [
      10, 5, 16, 1, 24, 0xAC, 2, 18, 14, 10, 1, 97, 16, 2, 24, 9, 32, 1, 42, 3, 45, 49, 55, 32, 1,
      0xA0, 1, 5, 0xA9, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xB2, 1, 1, 0, 0xBD, 1, 1, 2, 3, 4,
    ]
    let range = try RangeResponse(bytes[...])
    #expect(range.header.revision == 300 && range.count == 1 && range.pairs.count == 1)
    let pair = try #require(range.pairs.first)
    #expect(Array(pair.key) == [97] && pair.createRevision == 2 && pair.modRevision == 9 && pair.number == -17)
    let inTransaction: [UInt8] = [16, 1, 26, 2, 18, 0, 26, UInt8(bytes.count + 2), 10, UInt8(bytes.count)] + bytes
    let transaction = try TransactionResponse(inTransaction[...])
    #expect(transaction.hasSucceeded && transaction.ranges.map(\.count) == [0, 1])
    #expect(try WatchResponse([24, 1]).hasEvents == false)
    #expect(try WatchResponse([90, 0]).hasEvents)
    #expect(try WatchResponse([32, 1]).isCancelled)
    // Two of a kind: the last one counts.
    #expect(try LeaseGrantResponse([16, 1, 16, 2, 24, 60]).lease == 2)
    #expect(try LeaseGrantResponse([16] + [UInt8](repeating: 0xFF, count: 9) + [1]).lease == -1)
  }

  @Test(
    "what is cut off or not a message is noticed",
    arguments: [[16], [16, 0x80], [10, 2, 24], [11], [12, 1], [9, 1, 2], [13, 1], [18, 2, 10, 9]]
      + [[16] + [UInt8](repeating: 0xFF, count: 11), [10] + [UInt8](repeating: 0xFF, count: 9) + [1]])
  func damaged(bytes: [UInt8]) {
    #expect(throws: DamagedMessage.self) { try RangeResponse(bytes[...]) }
  }

  // MARK: calls

  @Test("a refusal carries status and message, and the connection goes on")
  func refusal() throws {
    let connection = BlockingGRPCConnection(try Endpoints(url: try PrivateService.url("etcd")))
    let refused = connection.ask(LeaseRevokeRequest(lease: 4711))
    guard case .refused(let code, let message) = refused else {
      Issue.record("\(refused)")
      return
    }
    #expect(code == 5)
    #expect(message == "etcdserver: requested lease not found")
    #expect(refused.failure(decides: true) == .leaseLost)
    guard case .refused(code: 12, _) = connection.ask(UnknownRequest()) else {
      Issue.record("not UNIMPLEMENTED")
      return
    }
    #expect(try connection.require(MemberListRequest()).count == 1)
    let failure = #expect(throws: SetupFailure.self) { try connection.require(PutRequest(key: "", value: "")) }
    #expect(failure?.message.hasSuffix("etcdserver: key is not provided") == true)
  }

  private struct UnknownRequest: Request {
    typealias Response = EmptyResponse
    static var method: StaticString { "/etcdserverpb.KV/Nonsense" }
    func write(to writer: inout ProtobufWriter) {}
  }

  @Test("a message of several frames and windows arrives in both directions")
  func largeMessages() throws {
    let connection = BlockingGRPCConnection(try Endpoints(url: try PrivateService.url("etcd")))
    let key = Trial.makeNamespace()
    let value = String(repeating: "0123456789", count: 140_000)
    _ = try connection.require(PutRequest(key: key, value: value))
    for _ in 0..<3 {
      let found = try connection.require(RangeRequest(keys: .one(key))).pairs.first
      #expect(found.map { String(decoding: $0.value, as: UTF8.self) } == value)
    }
    #expect(try connection.require(DeleteRequest(keys: .one(key))).count == 1)
  }

  @Test("on an event loop: late calls are cancelled and the connection is kept, a deletion ends a watch")
  func eventLoop() throws {
    let endpoints = try Endpoints(url: try PrivateService.url("etcd"))
    let loop = try EventLoop()
    loop.start {
      let connection = GRPCConnection(endpoints, loop)
      let name = Trial.makeNamespace()
      var keys: [String] = []
      for _ in 0..<2 {
        guard case .success(let grant) = await connection.ask(LeaseGrantRequest(seconds: 60)) else { continue }
        let lock = LockRequest(name: name, lease: grant.lease)
        switch await connection.ask(lock, until: monotonicNow() + 200_000_000) {
        case .success(let answer): keys.append(String(decoding: answer.key, as: UTF8.self))
        case .late: keys.append("late")
        default: keys.append("failed")
        }
      }
      #expect(keys.count == 2 && keys[0].hasPrefix(name) && keys[1] == "late", "\(keys)")
      let isDeleted = await connection.waitForDeletion(of: keys[0], from: 0, until: monotonicNow() + 50_000_000)
      #expect(!isDeleted)
      guard case .success(let answer) = await connection.ask(DeleteRequest(keys: .one(keys[0]))) else {
        Issue.record("not deleted")
        return
      }
      #expect(answer.count == 1)
      // The cancelled call has left no place in the queue.
      if case .success(let left) = await connection.ask(RangeRequest(keys: .prefix(name))) { #expect(left.count == 0) }
      let begin = monotonicNow()
      let next = await connection.ask(PutRequest(key: name, value: ""))
      #expect(next.failure(decides: true) == nil)
      guard case .success(let range) = await connection.ask(RangeRequest(keys: .one(name))) else { return }
      _ = await connection.ask(DeleteRequest(keys: .one(name)))
      let wasSeen = await connection.waitForDeletion(
        of: name, from: range.header.revision + 1, until: monotonicNow() + 5_000_000_000)
      #expect(wasSeen && monotonicNow() - begin < 3_000_000_000)
    }
    loop.run()
  }

  // MARK: the session, with bytes of a server

  /// A session in which a call has been sent, to a server that has sent its settings.
  private static func session() throws -> GRPCSession {
    let session = GRPCSession(to: try Endpoint(url: "http://a:1"))
    #expect(session.begin(StatusRequest.method))
    session.send(StatusRequest(), isLast: true)
    session.flush()
    #expect(session.output.starts(with: "PRI * HTTP/2.0\r\n".utf8))
    // The end of the stream, with the message that is empty.
    #expect(session.output.suffix(14) == [0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    session.hasSent(session.output.count)
    #expect(receive([0, 0, 0, 4, 0, 0, 0, 0, 0], in: session))
    session.flush()
    #expect(session.output == [0, 0, 0, 4, 1, 0, 0, 0, 0])
    session.hasSent(session.output.count)
    return session
  }

  private static func receive(_ bytes: [UInt8], in session: GRPCSession) -> Bool {
    bytes.withUnsafeBytes { session.receive($0) }
  }

  /// Field as HPACK spells it without its tables.
  private static func field(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
  }

  private static func head(_ fields: [UInt8], flags: UInt8) -> [UInt8] {
    [0, 0, UInt8(fields.count), 1, flags, 0, 0, 0, 1] + fields
  }

  @Test("an answer in any pieces", arguments: [1, 3, 1000])
  func pieces(size: Int) throws {
    let session = try Self.session()
    let bytes =
      Self.head([0x88], flags: 4) + [0, 0, 10, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 18, 3, 51, 46, 52]
      + Self.head(Self.field("grpc-status", "0"), flags: 5)
    for start in stride(from: 0, to: bytes.count, by: size) {
      #expect(!session.isEnded)
      #expect(Self.receive(Array(bytes[start..<min(start + size, bytes.count)]), in: session))
    }
    #expect(session.isEnded && session.isAlive && session.takesCalls)
    guard case .success(let status) = Answer<StatusResponse>(session) else {
      Issue.record("no success")
      return
    }
    #expect(status.version == "3.4")
  }

  @Test("a refusal without a body, and a status of HTTP alone")
  func trailersOnly() throws {
    let fields = Self.field("grpc-status", "14") + Self.field("grpc-message", "no%20leader")
    let cases: [(bytes: [UInt8], code: Int64, text: String)] = [
      ([0x88] + fields, 14, "no leader"), ([0x8D], -1, "status 404 of HTTP, without one of gRPC"),
      ([0x88], -1, "an answer without message"),
      ([0x88] + Self.field("grpc-status", "0"), -1, "an answer without message"),
    ]
    for (bytes, code, text) in cases {
      let session = try Self.session()
      #expect(Self.receive(Self.head(bytes, flags: 5), in: session))
      guard session.isEnded, case .refused(code, text) = Answer<StatusResponse>(session) else {
        Issue.record("\(Answer<StatusResponse>(session))")
        continue
      }
    }
  }

  @Test("a call that the server has not looked at is certain to have had no effect; one that it broke off is not")
  func brokenOff() throws {
    // GOAWAY: the last stream that was looked at, no error.
    func goAway(_ last: UInt8) -> [UInt8] { [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, last, 0, 0, 0, 0] }
    let refused = try Self.session()
    #expect(Self.receive(goAway(0), in: refused))
    #expect(refused.isEnded && !refused.takesCalls)
    #expect(Answer<StatusResponse>(refused).failure(decides: true) == .connectionLost)

    let looked = try Self.session()
    #expect(Self.receive(goAway(1), in: looked))
    #expect(!looked.isEnded && looked.isAlive && !looked.takesCalls)
    // RST_STREAM, INTERNAL_ERROR.
    #expect(Self.receive([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2], in: looked))
    #expect(looked.isEnded)
    #expect(Answer<StatusResponse>(looked).failure(decides: true) == .ambiguous)
    #expect(!looked.begin(StatusRequest.method))
  }

  @Test("pings are answered; a server that speaks something else is left")
  func otherFrames() throws {
    let session = try Self.session()
    #expect(Self.receive([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], in: session))
    session.flush()
    #expect(session.output == [0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    session.cancel()
    session.flush()
    #expect(session.output.suffix(13) == [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8])

    let other = GRPCSession(to: try Endpoint(url: "http://a:1"))
    #expect(other.begin(StatusRequest.method))
    let isOfUse = Self.receive(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), in: other)
    other.flush()
    #expect(!isOfUse || !other.isAlive)
  }
}
#endif
