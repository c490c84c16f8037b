#if RabbitMQ
import Model
import Runtime
import Testing

@testable import RabbitMQStrategies

extension RabbitMQTests {
  /// What the driver does with a broker.
  @Suite struct AdministrationTests {
    private static func failure(_ url: String) throws -> String {
      let failure = try #require(throws: SetupFailure.self) {
        try RabbitMQAdministration(url: url, namespace: "contend_refused")
      }
      #expect(!failure.message.contains("secret"))
      return failure.message
    }

    /// How many queues of a namespace there are.
    private static func queues(_ namespace: String, _ more: [QueueName] = []) throws -> Int {
      let configuration = try RabbitMQConfiguration(url: RabbitMQServer.url, namespace: namespace)
      return try DriverLoop.run { worker throws(SetupFailure) in
        var connection = BrokerConnection(configuration.address, on: worker.loop)
        var count = 0
        do throws(ConnectionProblem) {
          for queue in configuration.queues + configuration.deadLetters + more {
            if !connection.isOpen { try await connection.open() }
            if try await connection.state(of: queue) != nil { count += 1 }
          }
        } catch {
          throw error.failure(configuration.address)
        }
        await connection.close()
        return count
      }
    }

    @Test("queues of the namespace are removed, whoever has made them, and those of nobody else")
    func removesItsOwn() throws {
      let (mine, other) = ("contend_mine", "contend_other")
      for namespace in [mine, other] {
        let configuration = try RabbitMQConfiguration(url: RabbitMQServer.url, namespace: namespace, services: 2)
        try DriverLoop.run { worker throws(SetupFailure) in
          var sender = try await RabbitMQTransport.open(
            configuration, as: MessageRole(service: nil, receiver: 0, patience: 0), worker)
          await sender.close()
        }
      }
      let administration = try RabbitMQAdministration(url: RabbitMQServer.url, namespace: mine)
      #expect(try administration.describe().version.first?.isNumber == true)
      try administration.settle(within: .seconds(5))
      #expect(try Self.queues(mine, [QueueName(mine + ".probe")]) == 4)
      try administration.remove()
      #expect(try Self.queues(mine) == 0)
      #expect(try Self.queues(other) == 4)
      try RabbitMQAdministration(url: RabbitMQServer.url, namespace: other).prepare(values: [])
      #expect(try Self.queues(other) == 0)
    }

    @Test("a broker that does not let us in is told from one that is not there")
    func refusals() throws {
      let place = try RabbitMQServer.url.dropFirst("amqp://".count)
      #expect(try Self.failure("amqp://127.0.0.1:\(FakeServer.unusedPort())").contains("is RabbitMQ running there?"))
      #expect(try Self.failure("amqp://ann:secret@\(place)").contains("does not accept the user or password"))
      #expect(try Self.failure("amqp://guest:secret@\(place)").contains("over the loopback interface only"))
      #expect(try Self.failure("amqp://guest:guest@\(place)/shop").contains("has no virtual host 'shop'"))
      try RabbitMQServer.evaluate("rabbit_auth_backend_internal:add_user(<<\"limited\">>,<<\"secret\">>,<<\"test\">>)")
      let limited = try RabbitMQServer.url(user: "limited", password: "secret")
      #expect(try Self.failure(limited).contains("may not enter the virtual host '/'"))
      for (rights, missing) in [
        (["^$", "", ""], "configure 'contend_refused.probe'"), (["^contend", "", "^contend"], "write 'amq.default'"),
      ] {
        let words = rights.map { "<<\"\($0)\">>" }.joined(separator: ",")
        try RabbitMQServer.evaluate(
          "rabbit_auth_backend_internal:set_permissions(<<\"limited\">>,<<\"/\">>,\(words),<<\"test\">>)")
        let failure = try Self.failure(limited)
        #expect(failure.contains("no right to \(missing)") && failure.contains("rabbitmqctl set_permissions"))
      }
      #expect(try Self.queues("contend_refused", [QueueName("contend_refused.probe")]) == 0)
      try RabbitMQServer.evaluate(
        "rabbit_auth_backend_internal:set_permissions(<<\"limited\">>,<<\"/\">>,<<\"^contend\">>,"
          + "<<\"^(contend|amq\\\\.default)\">>,<<\"^contend\">>,<<\"test\">>)")
      _ = try RabbitMQAdministration(url: limited, namespace: "contend_allowed")
    }
  }
}
#endif
