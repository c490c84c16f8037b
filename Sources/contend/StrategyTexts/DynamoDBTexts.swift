// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let dynamoDB: [String: String] = [
    "dynamodb.atomic": #"""
      `dynamodb.atomic`: the guard and the change in one request.

      Algorithm: `UpdateItem` with `SET amount = amount + :change` and, where there is a bound,
      `ConditionExpression: amount >= :needed`; the answer holds the new value (`ReturnValues: UPDATED_NEW`). A condition that
      does not hold is the refusal. Reads are `GetItem` with `ConsistentRead`.
      Protocol tested against an emulator; figures mean nothing there.
      Guarantees: no lost update and no value beyond its guard; no conflict, no retry.
      Does not guarantee: decisions over several records, or that cannot be stated as a guarded addition.
      Failure window: none; nothing is held. A lost answer leaves the outcome `unknown`: a client that sends the request
      again, as the libraries of AWS do by themselves, may add twice.
      Round trips under the lock: 0; an attempt takes 1. The client speaks HTTP/1.1.
      Source: AWS, "Amazon DynamoDB Developer Guide", "Condition expressions" and "Atomic counters".
      """#,
    "dynamodb.none": #"""
      `dynamodb.none`: read, decide, update, without a condition. A planted control: the checkers must catch it.

      Algorithm: `GetItem` with a consistent read (`TransactGetItems` for several records); decide in the program; one
      `UpdateItem` without condition per changed record.
      Protocol tested against an emulator; figures mean nothing there.
      Guarantees: nothing beyond single requests.
      Does not guarantee: that an acknowledged update stays, or that several records change together.
      Failure window: from the read to the last update, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "dynamodb.optimistic": #"""
      `dynamodb.optimistic`: an update under the condition that the version is still the one that was read.

      Algorithm: `GetItem` with `ConsistentRead`; decide; `UpdateItem` with `SET amount = :new, version = version + :one` and
      `ConditionExpression: version = :seen`. Several records: `TransactGetItems`, then `TransactWriteItems` with an `Update`
      for each that changes and a `ConditionCheck` for each that was only read. ConditionalCheckFailedException, and a
      transaction cancelled for a failed condition or for another transaction, are conflicts: nothing was stored, and the
      retry policy decides when to read again. Throttling counts as not acquired.
      Protocol tested against an emulator; figures mean nothing there.
      Guarantees: no lost update; several records change together; several values read belong to one moment.
      Does not guarantee: progress of one worker: under contention most attempts lose, and a lost write costs its capacity.
      Failure window: none; nothing is held. A lost answer to the write leaves the outcome `unknown`.
      Round trips under the lock: 0; an attempt takes 2. The client speaks HTTP/1.1.
      Source: AWS, "Amazon DynamoDB Developer Guide", "Condition expressions" and "Optimistic locking with version number".
      """#,
  ]
}
