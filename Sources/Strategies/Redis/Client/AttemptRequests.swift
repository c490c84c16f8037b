internal import Model
internal import Runtime

/// Requests within an attempt, and the commands that several strategies send.
extension RedisConnection {
  /// Sends the request and waits for its replies, one per command.
  ///
  /// An error `NOSCRIPT` is left to the caller, who looks at ``ReplyReader/error``; every other error reply is thrown as
  /// ``ErrorReply/failure``.
  /// - Parameters:
  ///   - counted: how many of the commands the server's counts show; nil for all.
  ///   - decides: whether the request may leave an effect behind, so that a lost answer is `ambiguous`.
  ///   - deadline: a moment of ``monotonicNow()`` after which the answer is lost; nil for ``answerLimit``.
  mutating func perform(
    _ commands: Int, counted: Int? = nil, decides: Bool, until deadline: Int64? = nil, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    count(commands: counted ?? commands)
    do throws(Loss) {
      try await exchange(commands, until: deadline ?? answerLimit.map { monotonicNow() &+ $0 })
    } catch {
      if error == .notSent {
        count(commands: -(counted ?? commands))
        throw .connectionLost
      }
      throw decides ? .ambiguous : .connectionLost
    }
    if let error = replies.error, error != .missingScript { throw failure(error, attempt) }
  }

  private mutating func failure(_ error: ErrorReply, _ attempt: Attempt) -> AttemptFailure {
    attempt.note(error: "Redis answered: " + String(decoding: replies.text, as: UTF8.self))
    if error.failure.breaksSession { drop() }
    return error.failure
  }

  /// Begins a request with a command that gets the values of all steps at one moment: `GET` for one, `MGET` for several.
  mutating func appendRead(_ operation: Operation) {
    if operation.count == 1 {
      request.command(words: 2)
      request.append("GET")
      request.append(configuration.records, operation[0].key)
    } else {
      request.command(words: 1 + operation.count)
      request.append("MGET")
      for index in 0..<operation.count { request.append(configuration.records, operation[index].key) }
    }
  }

  /// Stores what ``appendRead(_:)`` has got; `reply` is the position of its reply within the request.
  func takeValues(_ attempt: inout Attempt, reply: Int) throws(AttemptFailure) {
    if attempt.operation.count == 1 {
      try takeValue(&attempt, step: 0, reply: reply)
    } else {
      try takeElements(&attempt)
    }
  }

  /// Stores the numbers of an array: one element per step.
  func takeElements(_ attempt: inout Attempt) throws(AttemptFailure) {
    for index in 0..<attempt.operation.count { try takeValue(&attempt, step: index, reply: index) }
  }

  /// Stores the number of one reply, or of one element of an array.
  func takeValue(_ attempt: inout Attempt, step: Int, reply: Int) throws(AttemptFailure) {
    guard let value = replies.number(reply) else { throw missing(attempt.operation[step].key, attempt) }
    attempt.values[step] = value
  }

  private func missing(_ key: Int32, _ attempt: Attempt) -> AttemptFailure {
    attempt.note(
      error: "record \(key) is missing in Redis: was the database flushed, or does its maxmemory-policy evict keys?")
    return .error
  }

  /// Adds the command that stores the values of all steps that change something: `SET` for one, `MSET` for several.
  mutating func appendWrite(_ attempt: Attempt) {
    let operation = attempt.operation
    var changes = 0
    for index in 0..<operation.count where operation[index].writes { changes &+= 1 }
    request.command(words: 1 + 2 * changes)
    if changes == 1 { request.append("SET") } else { request.append("MSET") }
    for index in 0..<operation.count where operation[index].writes {
      request.append(configuration.records, operation[index].key)
      request.append(attempt.values[index])
    }
  }
}
