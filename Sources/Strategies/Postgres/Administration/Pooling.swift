internal import Model

/// What stands between us and the processes of the server, as it shows to clients: poolers of any make.
enum Pooling {
  /// Nothing: the session is one with a process of the server.
  case direct
  /// A pooler that gives each session a process for as long as it lasts.
  case session
  /// A pooler that gives a session a process for each transaction, or even each statement: what is set or prepared
  /// stays behind for somebody else.
  case transaction

  /// More than one look, because a pooler that others use, too, may hand out another connection each time.
  private static let looks = 20

  /// Finds out: two sessions that are open at the same time never share a process, unless they are handed on.
  ///
  /// - Parameters:
  ///   - first: an open session.
  ///   - open: opens another one.
  static func find(
    _ first: AdministrationConnection, open: () throws(SetupFailure) -> AdministrationConnection
  ) throws(SetupFailure) -> Pooling {
    let process = try Self.process(first)
    if process == first.announcedProcess { return .direct }
    let second = try open()
    for _ in 0..<looks {
      if try Self.process(second) == process { return .transaction }
      if try Self.process(first) != process { return .transaction }
    }
    return .session
  }

  private static func process(_ session: AdministrationConnection) throws(SetupFailure) -> Int {
    do throws(AdministrationConnection.Refusal) {
      return try session.run("SELECT pg_backend_pid()").first?.first.flatMap { Int($0) } ?? 0
    } catch {
      throw SetupFailure("PostgreSQL did not say which process serves us: \(error.text)")
    }
  }
}
