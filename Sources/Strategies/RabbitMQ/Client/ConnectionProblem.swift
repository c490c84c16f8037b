#if RabbitMQ
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Why there is no session with a broker, or no longer one.
enum ConnectionProblem: Error, Equatable {
  /// What a session asks a broker for, as its rights on a virtual host tell it apart.
  enum Request {
    /// To make, empty or remove a queue.
    case configure
    /// To send messages.
    case write
    /// To receive messages.
    case read

    /// The broker's name for the right.
    var right: String {
      switch self {
      case .configure: "configure"
      case .write: "write"
      case .read: "read"
      }
    }
  }

  /// The system refused to connect; the number of the error, 0 for none, and a text for it.
  case unreachable(code: Int32, text: String)
  /// Nothing came in time.
  case silent(seconds: Int)
  /// The broker takes no messages: it has no memory or no room on its disk.
  case full(seconds: Int)
  /// The broker closed the connection, or the network lost it.
  case closed
  /// The broker closed the connection, and said why.
  case ended(code: Int, text: String)
  /// The broker does not know the user, or not with this password.
  case wrongPassword
  /// There is no such virtual host, or the user may not enter it.
  case virtualHost(isKnown: Bool)
  /// The user has no such right.
  case noRight(Request, resource: String)
  /// The broker refused a request of the session.
  case refused(code: Int, text: String)
  /// What came is not the protocol of RabbitMQ.
  case notRabbitMQ
  /// No memory for the connection.
  case noMemory

  /// What the system says about a connection that could not be made.
  init(_ failure: ConnectFailure, seconds: Int) {
    self =
      switch failure {
      case .unknownHost: .unreachable(code: 0, text: "there is no host of this name")
      case .system(let code): .unreachable(code: code, text: String(cString: strerror(code)))
      case .late: .silent(seconds: seconds)
      }
  }

  /// What the broker says when it closes the session's channel while it was asked for something.
  init(channelClosedBy code: Int, _ text: String, during request: Request) {
    guard code == 403 else {
      self = .refused(code: code, text: text)
      return
    }
    // "ACCESS_REFUSED - access to queue 'name' in vhost '/' refused for user 'name'"; the default exchange is
    // 'amq.default'.
    let words = text.split(separator: "'", omittingEmptySubsequences: false)
    let isExchange = words.first?.hasSuffix("exchange ") == true
    self = .noRight(isExchange ? .write : request, resource: words.count > 1 ? String(words[1]) : "")
  }

  /// What the broker says when it closes a connection that is being opened.
  init(connectionClosedBy code: Int, _ text: String) {
    self =
      switch code {
      case 403: .wrongPassword
      case 530: .virtualHost(isKnown: !text.contains("not found"))
      default: .ended(code: code, text: text)
      }
  }

  /// One sentence for the user, without credentials.
  func failure(_ address: BrokerAddress) -> SetupFailure {
    switch self {
    case .unreachable(ECONNREFUSED, _):
      SetupFailure("nothing accepts connections at \(address); is RabbitMQ running there?")
    case .unreachable(_, let text): SetupFailure("cannot connect to RabbitMQ at \(address): \(text)")
    case .silent(let seconds):
      SetupFailure("RabbitMQ at \(address) did not answer within \(seconds) s; is the broker stopped?")
    case .full(let seconds):
      SetupFailure(
        "RabbitMQ at \(address) takes no messages for \(seconds) s; is there room on its disk (disk_free_limit) and in "
          + "its memory (vm_memory_high_watermark)?")
    case .closed: SetupFailure("RabbitMQ at \(address) closed the connection; it may be stopping")
    case .ended(let code, let text): SetupFailure("RabbitMQ at \(address) closed the connection: \(code) \(text)")
    case .wrongPassword:
      SetupFailure(
        "RabbitMQ at \(address) does not accept the user or password of services.rabbitmq"
          + (address.user == "guest" ? "; it lets the user guest in over the loopback interface only" : ""))
    case .virtualHost(isKnown: false):
      SetupFailure(
        "RabbitMQ at \(address) has no virtual host '\(address.virtualHost)'; correct the end of services.rabbitmq, or "
          + "make it with 'rabbitmqctl add_vhost \(address.virtualHost)'")
    case .virtualHost(isKnown: true):
      SetupFailure(
        "the user of services.rabbitmq may not enter the virtual host '\(address.virtualHost)' of RabbitMQ at "
          + "\(address); " + Self.remedy(address))
    case .noRight(let request, let resource):
      SetupFailure(
        "the user of services.rabbitmq has no right to \(request.right) '\(resource)' in the virtual host "
          + "'\(address.virtualHost)' of RabbitMQ at \(address); " + Self.remedy(address))
    case .refused(let code, let text): SetupFailure("RabbitMQ at \(address) answered: \(code) \(text)")
    case .notRabbitMQ:
      SetupFailure("what answers at \(address) is not RabbitMQ; check the address of services.rabbitmq")
    case .noMemory: SetupFailure("there is no memory for a connection to RabbitMQ at \(address)")
    }
  }

  /// Rights to configure, to write and to read, in this order.
  private static func remedy(_ address: BrokerAddress) -> String {
    "give it the rights with \"rabbitmqctl set_permissions -p \(address.virtualHost) USER '^contend' "
      + "'^(contend|amq\\.default)' '^contend'\""
  }
}
#endif
