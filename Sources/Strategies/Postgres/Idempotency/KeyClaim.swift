internal import Model
internal import Runtime

/// The rows of `idempotency_keys`, as a service claims, finishes and gives them back. A claim has an owner that no other
/// claim has: whoever comes back late finds that the key is somebody else's.
struct KeyClaim {
  let request: PaymentRequest
  let owner: Int64

  static let statements: [Statement] = [insert, look, takeOver, finish, withdraw]

  private static var insert: Statement {
    Statement(
      "claim",
      """
      INSERT INTO idempotency_keys (worker, number, record, amount, request, owner, locked_at)
      VALUES (($1::int8[])[1], ($1::int8[])[2], ($1::int8[])[3], ($1::int8[])[4], ($1::int8[])[5], ($1::int8[])[6],
        clock_timestamp())
      ON CONFLICT DO NOTHING RETURNING worker
      """)
  }
  private static var look: Statement {
    Statement(
      "look",
      """
      SELECT request, CASE WHEN response IS NOT NULL THEN 2
        WHEN locked_at IS NULL OR locked_at < clock_timestamp() - $3::int8 * interval '1 millisecond' THEN 1
        ELSE 0 END, response
      FROM idempotency_keys WHERE worker = $1 AND number = $2
      """)
  }
  // The condition is looked at again over the newest row, so of several who find an old claim one gets it.
  private static var takeOver: Statement {
    Statement(
      "take-over",
      """
      UPDATE idempotency_keys SET owner = $3, locked_at = clock_timestamp()
      WHERE worker = $1 AND number = $2 AND response IS NULL
      AND (locked_at IS NULL OR locked_at < clock_timestamp() - $4::int8 * interval '1 millisecond')
      """)
  }
  private static var finish: Statement {
    Statement(
      "finish",
      """
      UPDATE idempotency_keys SET response = $4, locked_at = NULL
      WHERE worker = $1 AND number = $2 AND owner = $3 AND response IS NULL
      """)
  }
  private static var withdraw: Statement {
    Statement(
      "withdraw",
      "DELETE FROM idempotency_keys WHERE worker = $1 AND number = $2 AND owner = $3 AND response IS NULL RETURNING worker"
    )
  }

  /// What the table says of a key.
  enum State {
    /// There is no such key.
    case absent
    /// The key was used for another request (HTTP 422).
    case different
    case finished(response: Int64)
    /// Somebody has claimed it and not finished: free for whoever comes when that was long ago.
    case pending(isFree: Bool)
  }

  /// Claims the key if nobody has; a transaction of its own. Waits for a rival that is about to.
  func insert(_ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.beginWideArray(0)
    connection.parameters.append(0, int8: Int64(request.worker))
    connection.parameters.append(0, int8: request.number)
    connection.parameters.append(0, int8: Int64(request.record))
    connection.parameters.append(0, int8: request.amount)
    connection.parameters.append(0, int8: request.hash)
    connection.parameters.append(0, int8: owner)
    // A claim that has landed unseen keeps others away.
    try await connection.run(Self.insert, parameters: 1, decides: true)
    return connection.reply.rows == 1
  }

  /// Looks at a key that somebody has claimed.
  ///
  /// - Parameter timeout: milliseconds after which a claim is free.
  func look(_ connection: inout Connection, timeout: Int64) async throws(AttemptFailure) -> State {
    connection.setKey(request)
    connection.parameters.set(2, int8: timeout)
    try await connection.run(Self.look, parameters: 3)
    guard connection.reply.rows == 1 else { return .absent }
    if connection.reply[0, 0] != request.hash { return .different }
    return switch connection.reply[0, 1] {
    case 2: .finished(response: connection.reply[0, 2])
    case 1: .pending(isFree: true)
    default: .pending(isFree: false)
    }
  }

  /// Takes a key over that was claimed long ago; false when it is no longer free.
  func takeOver(_ connection: inout Connection, timeout: Int64) async throws(AttemptFailure) -> Bool {
    connection.setKey(request)
    connection.parameters.set(2, int8: owner)
    connection.parameters.set(3, int8: timeout)
    try await connection.run(Self.takeOver, parameters: 4, decides: true)
    return connection.reply.affected == 1
  }

  /// Stores the response, within the transaction of the effect.
  ///
  /// - Throws: ``AttemptFailure/leaseLost`` when somebody has taken the key over meanwhile.
  func finish(_ connection: inout Connection, response: Int64) async throws(AttemptFailure) {
    connection.setKey(request)
    connection.parameters.set(2, int8: owner)
    connection.parameters.set(3, int8: response)
    try await connection.run(Self.finish, parameters: 4)
    if connection.reply.affected != 1 { throw .leaseLost }
  }

  /// Gives up a claim that has had no effect; a transaction of its own, which waits for one that is about to finish the
  /// key. Does nothing to a key that is finished or somebody else's.
  func withdraw(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.setKey(request)
    connection.parameters.set(2, int8: owner)
    try await connection.run(Self.withdraw, parameters: 3)
  }
}
