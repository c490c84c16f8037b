internal import Model
internal import Runtime

/// A Lua script that the server keeps, called by the SHA-1 of its source.
struct Script: ~Copyable {
  let source: StaticString
  private let digest = UnsafeMutablePointer<UInt8>.allocate(capacity: digestLength)
  private static let digestLength = 40

  init(_ source: StaticString) {
    self.source = source
    digest.initialize(repeating: 0, count: Self.digestLength)
  }

  deinit { digest.deallocate() }

  /// Makes the server keep the script; part of opening a session.
  func load(_ connection: inout RedisConnection) async throws(SetupFailure) {
    let address = connection.configuration.address
    let deadline = monotonicNow() + Int64(RedisConnection.patience) * 1_000_000_000
    connection.request.clear()
    connection.request.command(words: 3)
    connection.request.append("SCRIPT")
    connection.request.append("LOAD")
    connection.request.append(source)
    do throws(ConnectionProblem) { try await connection.ask(1, until: deadline) } catch {
      throw error.failure(address)
    }
    let answer = connection.replies.text
    guard answer.count == Self.digestLength else { throw ConnectionProblem.notRedis.failure(address) }
    UnsafeMutableRawBufferPointer(start: digest, count: answer.count).copyMemory(from: answer)
  }

  /// Begins a request that runs the script.
  func begin(_ request: inout RequestBuffer, words: Int, withSource: Bool) {
    request.clear()
    append(to: &request, words: words, withSource: withSource)
  }

  /// Adds a command that runs the script: `EVALSHA`, or `EVAL` with its source, by which the server keeps it again.
  ///
  /// - Parameter words: how many words follow: the number of keys, the keys and the arguments.
  func append(to request: inout RequestBuffer, words: Int, withSource: Bool) {
    request.command(words: 2 + words)
    if withSource {
      request.append("EVAL")
      request.append(source)
    } else {
      request.append("EVALSHA")
      request.append(UnsafeRawBufferPointer(start: digest, count: Self.digestLength))
    }
  }
}
