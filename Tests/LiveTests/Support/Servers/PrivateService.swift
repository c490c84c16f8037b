import Glibc
import Model
import Services

/// The private servers of these tests: each started when first needed, gone with the test process.
enum PrivateService {
  private static let pool = Guarded(makePool())
  private static let apart = Guarded(makePool())

  /// Starts servers with the guard of the built program.
  static func makePool() -> ServicePool {
    var options = LaunchOptions()
    options.guardExecutable = TestRun.contend
    return ServicePool(settings: ServiceSettings(), options: options)
  }

  /// Where the server of a service is.
  static func url(_ name: String) throws -> String {
    #if DynamoDB
    if name == "dynamodb" { return try DynamoDBEmulator.url }
    #endif
    #if RabbitMQ
    if name == "rabbitmq" { return try RabbitMQServer.url }
    #endif
    return try pool.use { try $0.start([name])[0].url }
  }

  /// Where a second server of a service is, for trials that count what a whole server does and run beside those that do the
  /// same on the first.
  static func urlApart(_ name: String) throws -> String { try apart.use { try $0.start([name])[0].url } }
}

/// Something that one thread uses at a time.
private final class Guarded<Value>: @unchecked Sendable {  // because the value is used under the mutex only
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let value: Value

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  func use<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(value)
  }
}
