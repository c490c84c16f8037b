#if RabbitMQ
import Model
import Testing

@testable import RabbitMQStrategies

/// The parts of the client of RabbitMQ that need no broker.
struct BrokerAddressTests {
  @Test(
    "addresses are read",
    arguments: [
      ("amqp://localhost", "localhost:5672", "guest", "guest", "/"),
      ("amqp://h:7000/", "h:7000", "guest", "guest", "/"),
      ("amqp://ann:s%40cret@h/shop", "h:5672", "ann", "s@cret", "shop"),
      ("amqp://ann:s@cret@h/%2F", "h:5672", "ann", "s@cret", "/"),
      ("amqp://[::1]:7000", "[::1]:7000", "guest", "guest", "/"),
    ])
  func addresses(url: String, place: String, user: String, password: String, virtualHost: String) throws {
    let address = try BrokerAddress(url: url)
    #expect(address.description == place)
    #expect(address.user == user && address.password == password && address.virtualHost == virtualHost)
  }

  @Test(
    "bad addresses are told, without credentials",
    arguments: [
      ("amqps://ann:secret@h", "TLS"), ("http://ann:secret@h", "is not"), ("", "is not"), ("amqp://h:0", "1 to 65535"),
      ("amqp://ann:secret", "1 to 65535"), ("amqp://ann@h", "user:password"), ("amqp://:secret@h", "user:password"),
      ("amqp://h/a/b", "%2F"), ("amqp://h/?heartbeat=1", "after a ?"),
    ])
  func badAddresses(url: String, part: String) throws {
    let failure = try #require(throws: SetupFailure.self) { try BrokerAddress(url: url) }
    #expect(failure.message.contains(part) && !failure.message.contains("secret"))
  }

  @Test("confirmations: one, several at once, of a message that came back, of one from before")
  func confirmations() {
    var confirmation = Confirmation()
    confirmation.begin()
    confirmation.take(1, andEarlier: false, isKept: true)
    #expect(confirmation.fate == .kept)
    confirmation.begin()
    #expect(confirmation.fate == nil)
    confirmation.take(1, andEarlier: false, isKept: true)
    #expect(confirmation.fate == nil)
    confirmation.isReturned = true
    confirmation.take(2, andEarlier: true, isKept: true)
    #expect(confirmation.fate == .unroutable)
    confirmation.begin()
    confirmation.take(3, andEarlier: false, isKept: false)
    #expect(confirmation.fate == .refused)
  }
}
#endif
