import Model
import Testing

@testable import RedisStrategies
@testable import Runtime

extension RedisTests {
  /// Messages in streams: what is delivered again, to whom, and what becomes of what cannot be handled.
  @Suite(.serialized) struct Streams {
    /// Runs a body with the configuration of streams of its own, which are removed afterwards.
    private func run(
      _ body: @escaping @Sendable (RedisStreams.Configuration, WorkerContext) async throws -> Void
    ) throws {
      let namespace = "streams_\(UInt32.random(in: 0 ... .max))"
      let redis = try RedisConfiguration(url: RedisServer.url, namespace: namespace)
      let configuration = RedisStreams.Configuration(redis: redis, keys: StreamKeys(namespace))
      defer { _ = try? RedisServer.connect().command(["UNLINK"] + StreamKeys.all(namespace)) }
      try DriverLoop.run { worker async throws(SetupFailure) in
        do { try await body(configuration, worker) } catch let failure as SetupFailure {
          throw failure
        } catch { throw SetupFailure("\(error)") }
      }
    }

    private static func message(_ number: Int64) -> Message {
      var message = Message()
      message.begin(course: -7, number: number)
      message.append(.max)
      return message
    }

    private static func role(_ receiver: Int, patience: Int64 = .max) -> MessageRole {
      MessageRole(service: 1, receiver: receiver, patience: patience)
    }

    /// The number of the next message, and how often it was delivered; nil when none comes soon.
    private static func next(_ streams: inout RedisStreams) async throws -> [Int64]? {
      var message = Message()
      guard try await streams.receive(&message, until: monotonicNow() &+ 20_000_000) else { return nil }
      #expect(message.course == -7 && Array(message.content) == [.max])
      return [message.number, message.deliveries]
    }

    @Test("a message goes to one of several receivers, once it is acknowledged never again")
    func once() throws {
      try run { configuration, worker in
        var first = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        var second = try await RedisStreams.open(configuration, as: Self.role(2), worker)
        for number in [4, 5] as [Int64] { try await first.publish(Self.message(number), to: 1) }
        #expect(try await Self.next(&first) == [4, 1])
        #expect(try await Self.next(&second) == [5, 1])
        try await first.acknowledge()
        try await second.acknowledge()
        #expect(try await first.count(at: 1) == MessageCounts(waiting: 0, dead: 0))
        try await first.reopen()
        #expect(try await Self.next(&first) == nil)
      }
    }

    @Test("who starts again is given first what it has not acknowledged")
    func pending() throws {
      try run { configuration, worker in
        var first = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        for number in [4, 5] as [Int64] { try await first.publish(Self.message(number), to: 1) }
        #expect(try await Self.next(&first) == [4, 1])
        var successor = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        #expect(try await Self.next(&successor) == [4, 2])
        try await successor.acknowledge()
        #expect(try await Self.next(&successor) == [5, 1])
        #expect(try await successor.count(at: 1) == MessageCounts(waiting: 1, dead: 0))
      }
    }

    @Test("what another has had for too long is taken over")
    func takenOver() throws {
      try run { configuration, worker in
        var first = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        try await first.publish(Self.message(4), to: 1)
        #expect(try await Self.next(&first) == [4, 1])
        var patient = try await RedisStreams.open(configuration, as: Self.role(2), worker)
        #expect(try await Self.next(&patient) == nil)
        var hasty = try await RedisStreams.open(configuration, as: Self.role(3, patience: 0), worker)
        #expect(try await Self.next(&hasty) == [4, 2])
        try await hasty.acknowledge()
        #expect(try await hasty.count(at: 1) == MessageCounts(waiting: 0, dead: 0))
      }
    }

    @Test("what cannot be handled is put away, and so is what is no message")
    func deadLetters() throws {
      try run { configuration, worker in
        var first = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        let key = StreamKeys.all(configuration.redis.namespace)[2]
        _ = try RedisServer.connect().command(["XADD", key, "*", "m", "nonsense"])
        try await first.publish(Self.message(4), to: 1)
        #expect(try await Self.next(&first) == nil)
        #expect(try await Self.next(&first) == [4, 1])
        try await first.reject(Self.message(4))
        #expect(try await first.count(at: 1) == MessageCounts(waiting: 0, dead: 1))
      }
    }

    @Test("after a loss of memory a group is made again")
    func lostMemory() throws {
      try run { configuration, worker in
        var first = try await RedisStreams.open(configuration, as: Self.role(1), worker)
        #expect(try await Self.next(&first) == nil)
        _ = try RedisServer.connect().command(["UNLINK"] + StreamKeys.all(configuration.redis.namespace))
        await #expect(throws: AttemptFailure.connectionLost) { try await Self.next(&first) }
        try await first.reopen()
        try await first.publish(Self.message(4), to: 1)
        #expect(try await Self.next(&first) == [4, 1])
      }
    }
  }
}
