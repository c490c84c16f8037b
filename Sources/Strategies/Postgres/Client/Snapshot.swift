internal import Model
internal import Runtime

/// Reading and writing the records of an operation with a statement of its own, in a transaction or outside.
extension Connection {
  /// Sets the parameter at a position to the keys of all steps.
  func setKeys(_ index: Int, _ operation: Operation) {
    parameters.beginArray(index)
    for position in 0..<operation.count { parameters.append(index, int4: operation[position].key) }
  }

  /// Reads all records of the operation into the attempt's values with one statement, so that they belong to one
  /// moment: by default ``Statement/read`` for one record, ``Statement/readMany`` for several.
  mutating func readTogether(
    _ attempt: Attempt, one: Statement = .read, many: Statement = .readMany
  ) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count == 1 {
      parameters.set(0, int4: operation[0].key)
      try await run(one, parameters: 1)
      try requireRecords(reply.rows, of: 1)
      attempt.values[0] = reply[0, 0]
    } else {
      setKeys(0, operation)
      try await run(many, parameters: 1)
      try requireRecords(reply.rows, of: operation.count)
      for index in 0..<operation.count { attempt.values[index] = reply[row(of: operation[index].key), 1] }
    }
  }

  /// The row of a record in an answer whose first column is the record; rows come in any order.
  func row(of key: Int32) -> Int {
    var row = 0
    while row < reply.rows &- 1 && reply[row, 0] != Int64(key) { row &+= 1 }
    return row
  }

  /// Reads every record with a statement of its own, so that several values may belong to different moments.
  mutating func readOneByOne(_ attempt: Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count {
      parameters.set(0, int4: attempt.operation[index].key)
      try await run(.read, parameters: 1)
      try requireRecords(reply.rows, of: 1)
      attempt.values[index] = reply[0, 0]
    }
  }

  /// Sets the parameters of ``Statement/write`` for a step.
  func setWrite(_ index: Int, _ attempt: Attempt) {
    parameters.set(0, int4: attempt.operation[index].key)
    parameters.set(1, int8: attempt.values[index])
  }

  /// Writes every changed record with ``Statement/write``, in the order of the steps, inside a transaction.
  mutating func writeInTransaction(_ attempt: Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      setWrite(index, attempt)
      try await run(.write, parameters: 2)
      try requireRecords(reply.affected, of: 1)
    }
  }
}
