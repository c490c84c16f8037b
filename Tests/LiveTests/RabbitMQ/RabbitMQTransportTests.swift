#if RabbitMQ
import Glibc
import Model
import Runtime
import Testing

@testable import RabbitMQStrategies

extension RabbitMQTests {
  /// Messages over a real broker, one session after the other or side by side.
  @Suite struct TransportTests {
    let configuration: RabbitMQConfiguration

    init() throws {
      let namespace = "test_\(UInt64.random(in: 0 ... .max))"
      configuration = try RabbitMQConfiguration(url: RabbitMQServer.url, namespace: namespace, services: 2)
    }

    /// Runs something on a loop, and removes the queues.
    private func run<Result: Sendable>(
      _ body: @escaping @Sendable (RabbitMQConfiguration, WorkerContext) async throws -> Result
    ) throws -> Result {
      let configuration = configuration
      return try DriverLoop.run { worker throws(SetupFailure) in
        do {
          let result = try await body(configuration, worker)
          var cleaner = BrokerConnection(configuration.address, on: worker.loop)
          try await cleaner.open()
          for queue in configuration.queues + configuration.deadLetters { try await cleaner.delete(queue) }
          await cleaner.close()
          return result
        } catch let failure as SetupFailure {
          throw failure
        } catch {
          throw SetupFailure("\(error)")
        }
      }
    }

    private static func open(
      _ configuration: RabbitMQConfiguration, _ service: Int?, _ worker: WorkerContext
    ) async throws(SetupFailure) -> RabbitMQTransport {
      try await RabbitMQTransport.open(
        configuration, as: MessageRole(service: service, receiver: 0, patience: 0), worker)
    }

    private static func message(_ number: Int64) -> Message {
      var message = Message()
      message.begin(course: 7, number: number)
      message.append(.min + number)
      return message
    }

    private static var soon: Int64 { monotonicNow() + 5_000_000_000 }

    @Test("what is sent is received in order, and gone when it was acknowledged")
    func sentAndReceived() throws {
      try run { configuration, worker in
        var sender = try await Self.open(configuration, nil, worker)
        var receiver = try await Self.open(configuration, 1, worker)
        for number in 1...3 { try await sender.publish(Self.message(Int64(number)), to: 1) }
        #expect(try await sender.count(at: 0) == MessageCounts(waiting: 0, dead: 0))
        #expect(try await receiver.count(at: 1) == MessageCounts(waiting: 3, dead: 0))
        var message = Message()
        for number in 1...3 {
          #expect(try await receiver.receive(&message, until: Self.soon))
          #expect(message.numbers == Self.message(Int64(number)).numbers && message.deliveries == 1)
          try await receiver.acknowledge()
        }
        let start = monotonicNow()
        #expect(try await receiver.receive(&message, until: start + 20_000_000) == false)
        #expect(monotonicNow() - start >= 20_000_000)
        #expect(try await receiver.count(at: 1) == MessageCounts(waiting: 0, dead: 0))
        // A session that receives may also send.
        try await receiver.publish(Self.message(4), to: 0)
        await receiver.close()
        #expect(try await sender.count(at: 0).waiting == 1)
        await sender.close()
      }
    }

    @Test("what was not acknowledged comes again when the connection is lost, and to another when the session ends")
    func redelivered() throws {
      try run { configuration, worker in
        var receiver = try await Self.open(configuration, 0, worker)
        try await receiver.publish(Self.message(1), to: 0)
        var message = Message()
        #expect(try await receiver.receive(&message, until: Self.soon))
        #expect(try await receiver.count(at: 0).waiting == 1)
        try await receiver.reopen()
        #expect(try await receiver.receive(&message, until: Self.soon))
        #expect(message.number == 1 && message.deliveries == 2)
        // Asked for the next one, a session gives back what it has in hand.
        #expect(try await receiver.receive(&message, until: Self.soon))
        #expect(message.number == 1 && message.deliveries == 2)
        await receiver.close()
        var other = try await Self.open(configuration, 0, worker)
        #expect(try await other.receive(&message, until: Self.soon))
        #expect(message.number == 1 && message.deliveries == 2)
        try await other.acknowledge()
        #expect(try await other.count(at: 0).waiting == 0)
        await other.close()
      }
    }

    @Test("what is rejected lies with the dead letters, and so does what is no message of ours")
    func rejected() throws {
      try run { configuration, worker in
        var receiver = try await Self.open(configuration, 0, worker)
        var stranger = BrokerConnection(configuration.address, on: worker.loop)
        try await stranger.open()
        try await stranger.confirmMessages()
        let isSent = [1, 2, 3].withUnsafeBytes { stranger.post(.init(rebasing: $0[..<7]), to: configuration.queues[0]) }
        #expect(isSent)
        #expect(try await stranger.confirmation(until: Self.soon) == .kept)
        try await receiver.publish(Self.message(2), to: 0)
        var message = Message()
        #expect(try await receiver.receive(&message, until: Self.soon))
        #expect(message.number == 2)
        try await receiver.reject(message)
        #expect(try await receiver.receive(&message, until: monotonicNow() + 20_000_000) == false)
        #expect(try await receiver.count(at: 0) == MessageCounts(waiting: 0, dead: 2))
        await receiver.close()
        await stranger.close()
      }
    }

    @Test("what no queue takes comes back, and the queue is made again")
    func unroutable() throws {
      try run { configuration, worker in
        var sender = try await Self.open(configuration, nil, worker)
        var other = BrokerConnection(configuration.address, on: worker.loop)
        try await other.open()
        try await other.delete(configuration.queues[1])
        await #expect(throws: AttemptFailure.connectionLost) { try await sender.publish(Self.message(1), to: 1) }
        #expect(sender.errorText?.contains("unroutable") == true)
        try await sender.reopen()
        try await sender.publish(Self.message(1), to: 1)
        #expect(try await sender.count(at: 1).waiting == 1)
        await other.close()
        await sender.close()
      }
    }

    @Test("a broker without memory is waited for")
    func blocked() throws {
      let alarm = "{resource_limit,memory,node()}"
      try RabbitMQServer.evaluate("rabbit_alarm:set_alarm({\(alarm),[]})")
      let end = try BackgroundThread {
        usleep(300_000)
        try? RabbitMQServer.evaluate("rabbit_alarm:clear_alarm(\(alarm))")
      }
      let elapsed = try run { configuration, worker in
        var sender = try await Self.open(configuration, nil, worker)
        let start = monotonicNow()
        try await sender.publish(Self.message(1), to: 0)
        defer { #expect(sender.errorText == nil) }
        let elapsed = monotonicNow() - start
        await sender.close()
        return elapsed
      }
      end.join()
      #expect(elapsed > 50_000_000)
    }

    @Test("a killed broker keeps what it has confirmed, but for what was not to outlive it")
    func killed() throws {
      try run { configuration, worker in
        var sender = try await Self.open(configuration, nil, worker)
        for number in 1...20 { try await sender.publish(Self.message(Int64(number)), to: 0) }
        // The planted control: a confirmation says nothing of this one.
        var other = BrokerConnection(configuration.address, on: worker.loop)
        try await other.open()
        try await other.confirmMessages()
        let isSent = Self.message(21).withBytes { other.post($0, to: configuration.queues[0], isPersistent: false) }
        #expect(isSent)
        #expect(try await other.confirmation(until: Self.soon) == .kept)
        #expect(try await sender.count(at: 0).waiting == 21)
        try RabbitMQServer.kill()
        await #expect(throws: AttemptFailure.self) { try await sender.publish(Self.message(22), to: 0) }
        let failure = await #expect(throws: SetupFailure.self) { try await sender.reopen() }
        #expect(failure?.message.contains("is RabbitMQ running there?") == true)
        try RabbitMQServer.restart()
        try await sender.reopen()
        #expect(try await sender.count(at: 0).waiting == 20)
        await sender.close()
        var receiver = try await Self.open(configuration, 0, worker)
        var message = Message()
        for number in 1...20 {
          #expect(try await receiver.receive(&message, until: Self.soon))
          #expect(message.number == Int64(number))
          try await receiver.acknowledge()
        }
        await receiver.close()
      }
    }
  }
}
#endif
