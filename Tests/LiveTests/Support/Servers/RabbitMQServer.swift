#if RabbitMQ
import Foundation
import Model
import Services
import Testing

/// Tests that use the private RabbitMQ. One after the other: some of them kill it.
@Suite(.serialized) enum RabbitMQTests {}

/// The private RabbitMQ of these tests: started when first needed, which takes seven seconds, gone with the test process.
enum RabbitMQServer {
  /// Keeps the broker running.
  private struct Running: @unchecked Sendable {  // because its tests run one after the other
    let pool: ServicePool
    let service: RunningService
  }

  private static let started = Result {
    let pool = PrivateService.makePool()
    try pool.start(["rabbitmq"])
    return Running(pool: pool, service: try #require(pool.service("rabbitmq")))
  }

  private static var service: RunningService { get throws { try started.get().service } }

  /// Where it is.
  static var url: String { get throws { try service.url } }

  /// The URL with a user, a password and a virtual host.
  static func url(user: String, password: String, virtualHost: String = "%2F") throws -> String {
    try url.replacing("amqp://", with: "amqp://\(user):\(password)@") + "/" + virtualHost
  }

  /// Kills it.
  static func kill() throws {
    try service.kill()
    try waitUntil("the broker has ended") { try service.processIDs().isEmpty }
  }

  /// Starts it again on what it has left, and waits until it accepts clients.
  static func restart() throws {
    try service.restart()
    try service.waitUntilUp()
  }

  /// Lets the broker evaluate an expression, which is quicker than its tools are.
  static func evaluate(_ expression: String) throws {
    let variables = try service.processIDs().lazy.compactMap { process -> [String: String]? in
      guard let text = try? String(contentsOfFile: "/proc/\(process)/environ", encoding: .utf8) else { return nil }
      let pairs = text.split(separator: "\0").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
      let variables = Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { first, _ in first }
      return variables["HOME"] == nil ? nil : variables
    }.first
    let home = try #require(variables?["HOME"])
    let secret = try String(contentsOfFile: home + "/.erlang.cookie", encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/erl_call")
    process.arguments = ["-sname", "contend@localhost", "-c", secret, "-e"]
    process.environment = ["ERL_EPMD_PORT": try #require(variables?["ERL_EPMD_PORT"])]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data((expression + ".\n").utf8))
    try input.fileHandleForWriting.close()
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard answer.hasPrefix("{ok") else { throw SetupFailure("the broker has not evaluated \(expression): \(answer)") }
  }
}
#endif
