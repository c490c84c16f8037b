internal import CHiredis
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Opening and reopening: connect, enter, choose the database, state the name.
extension RedisConnection {
  /// Opens the connection, or opens it anew. Takes ``patience`` at most, or until a moment of ``monotonicNow()``.
  mutating func open(until limit: Int64? = nil) async throws(SetupFailure) {
    let deadline = limit ?? monotonicNow() + Int64(Self.patience) * 1_000_000_000
    do throws(ConnectionProblem) {
      drop()
      try await connect(until: deadline)
      try resetReplies()
      try await enter(until: deadline)
    } catch {
      drop()
      if limit != nil, case .silent = error {
        throw SetupFailure("Redis at \(configuration.address) did not answer in time; is the server stopped?")
      }
      throw error.failure(configuration.address)
    }
  }

  /// Sends a request that is part of opening a session; the last reply is left in ``replies``.
  mutating func ask(_ commands: Int, until deadline: Int64) async throws(ConnectionProblem) {
    do throws(Loss) { try await exchange(commands, until: deadline) } catch { throw problem }
    if replies.error != nil { throw .refused(String(decoding: replies.text, as: UTF8.self)) }
  }

  /// Sends commands that count as a worker's, between attempts.
  mutating func askOnce(_ commands: Int = 1, counted: Int? = nil) async throws(SetupFailure) {
    count(commands: counted ?? commands)
    let deadline = monotonicNow() + Int64(Self.patience) * 1_000_000_000
    do throws(ConnectionProblem) { try await ask(commands, until: deadline) } catch {
      throw error.failure(configuration.address)
    }
  }

  private mutating func connect(until deadline: Int64) async throws(ConnectionProblem) {
    let descriptor: Int32
    do throws(ConnectFailure) {
      descriptor = try await loop.connect(to: configuration.address.sockets, until: deadline)
    } catch {
      throw ConnectionProblem(error, seconds: Self.patience)
    }
    guard let context = redisConnectFd(descriptor) else {
      close(descriptor)
      throw .noMemory
    }
    adopt(context)
  }

  /// One round trip; when the password is wrong, its error is the first.
  private mutating func enter(until deadline: Int64) async throws(ConnectionProblem) {
    let commands = configuration.openingCommands
    request.clear()
    for command in commands {
      request.command(words: command.count)
      for word in command { request.append(text: word) }
    }
    try await ask(commands.count, until: deadline)
  }
}
