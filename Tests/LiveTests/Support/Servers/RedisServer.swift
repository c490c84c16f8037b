import Model
import Runtime
import Testing

@testable import RedisStrategies

/// Tests that use the private Redis. One after the other: its counts are those of a whole server.
@Suite(.serialized) enum RedisTests {}

/// The private Redis of these tests.
enum RedisServer {
  /// Where it is.
  static var url: String { get throws { try PrivateService.url("redis") } }

  /// The path of its socket.
  static var socket: String {
    get throws {
      guard case .socket(let path) = try RedisAddress(url: url).location else { throw SetupFailure("no socket") }
      return path
    }
  }

  /// A session of the tests' own.
  static func connect(_ url: String? = nil) throws -> AdministrationConnection {
    try AdministrationConnection.open(RedisAddress(url: url ?? RedisServer.url))
  }
}

extension AdministrationConnection {
  /// The ids of the sessions of a run's workers.
  func sessions(_ namespace: String) throws -> [String] {
    let list = try command(["CLIENT", "LIST"]).text ?? ""
    return list.split(separator: "\n").filter { $0.contains(" name=contend:\(namespace) ") }.compactMap { line in
      line.split(separator: " ").first.map { String($0.dropFirst("id=".count)) }
    }
  }

  /// How many replies of an error code the server has given since it was started.
  func errors(_ code: String) throws -> Int {
    let lines = try command(["INFO", "errorstats"]).text?.split(whereSeparator: \.isNewline) ?? []
    let line = lines.first { $0.hasPrefix("errorstat_\(code):count=") }
    return line.flatMap { Int($0.split(separator: "=")[1]) } ?? 0
  }
}
