internal import Model
internal import Runtime

/// One of the servers of a Redlock, as one worker sees it: it may be down, and then has no vote.
final class RedlockNode {
  private var connection: RedisConnection
  /// Whether a request is on its way.
  private var isAsked = false

  init(_ connection: consuming RedisConnection) { self.connection = connection }

  /// Connects, at the beginning of a trial.
  func open() async throws(SetupFailure) { try await connection.open() }

  /// Whether it can be asked at once.
  var isConnected: Bool { connection.readiness != nil }

  /// Connects again when the connection was lost, if that is possible by then.
  func reconnect(until deadline: Int64) async {
    if connection.readiness != nil { return }
    do throws(SetupFailure) { try await connection.open(until: deadline) } catch {}
  }

  /// Sends one command about the lock of a record, if there is a connection.
  func send(_ key: Int32, _ build: (inout RequestBuffer, KeyPrefix, Int32) -> Void) {
    connection.request.clear()
    build(&connection.request, connection.configuration.locks, key)
    isAsked = connection.begin(1)
    if isAsked { connection.count(commands: 1) }
  }

  /// The kind of the answer; nil when there is none in time, or an error.
  func answer(until deadline: Int64) async -> ReplyKind? {
    guard isAsked else { return nil }
    isAsked = false
    do throws(RedisConnection.Loss) { try await connection.finish(until: deadline) } catch { return nil }
    return connection.replies.error == nil ? connection.replies.kind : nil
  }

  /// The number of the last answer.
  var number: Int64? { connection.replies.number(0) }
}
