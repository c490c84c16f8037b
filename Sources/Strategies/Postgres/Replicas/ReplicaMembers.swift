internal import Model
internal import Runtime

/// One worker's sessions with a primary and its standbys: who takes writes, and who is read from.
///
/// A session with a server that takes writes is kept as long as it works, whatever has become of the server: an old
/// primary that nobody has told goes on. Only who has lost it looks for another.
final class ReplicaMembers {
  /// One of them; a box, because sessions cannot be copied.
  private final class Member {
    var session: Session
    init(_ session: consuming Session) { self.session = session }
  }

  private let plans: [SessionPlan]
  private let worker: WorkerContext
  private let readsStandbys: Bool
  private var members: [Member?]
  /// The position of the server that takes writes.
  private(set) var primary = 0
  private var knowsPrimary = false
  /// The positions of those that are read from: the standbys that could be reached, or else the primary.
  private(set) var readable: [Int] = []

  /// Connects to all, and keeps the sessions that are needed.
  ///
  /// - Parameter readsStandbys: whether standbys are read from, too.
  init(_ plans: [SessionPlan], _ worker: WorkerContext, readsStandbys: Bool) async throws(SetupFailure) {
    self.plans = plans
    self.worker = worker
    self.readsStandbys = readsStandbys
    members = plans.map { _ in nil }
    try await reopen()
  }

  /// Connects again to all servers whose sessions are lost, and looks for the primary if that is one of them. A standby
  /// that cannot be reached is left alone until the next time.
  func reopen() async throws(SetupFailure) {
    knowsPrimary = knowsPrimary && members[primary].map { !$0.session.connection.isLost } == true
    var failure: SetupFailure?
    for position in members.indices where needs(position) {
      members[position] = nil
      do throws(SetupFailure) {
        members[position] = Member(try await Session(plans[position], worker))
      } catch {
        failure = failure ?? error
      }
    }
    if !knowsPrimary { try await findPrimary(or: failure) }
    if !readsStandbys { for position in members.indices where position != primary { members[position] = nil } }
    let standbys = members.indices.filter { $0 != primary && members[$0] != nil }
    readable = standbys.isEmpty ? [primary] : standbys
  }

  private func needs(_ position: Int) -> Bool {
    if !readsStandbys && knowsPrimary && position != primary { return false }
    return members[position].map { $0.session.connection.isLost } ?? true
  }

  /// Of several servers that take writes the one on the highest timeline: the one that was promoted last.
  private func findPrimary(or failure: SetupFailure?) async throws(SetupFailure) {
    var highest: Int64 = 0
    for position in members.indices {
      guard let timeline = await members[position]?.session.connection.ask(Self.timeline), timeline > highest else {
        continue
      }
      (highest, primary) = (timeline, position)
    }
    guard highest > 0 else {
      throw failure ?? SetupFailure("no server of services.\(ReplicaAddresses.service) takes writes")
    }
    knowsPrimary = true
  }

  /// 0 for a standby.
  private static var timeline: StaticString {
    """
    SELECT CASE WHEN pg_is_in_recovery() THEN 0
      ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int4 END
    """
  }

  /// The server that was taken for the primary takes no writes.
  func forgetPrimary() { knowsPrimary = false }

  /// Runs something on the connection with a server that was reached.
  func with<Result>(
    _ position: Int, _ body: (inout Connection) async throws(AttemptFailure) -> Result
  ) async throws(AttemptFailure) -> Result {
    guard let member = members[position] else { throw .connectionLost }
    return try await body(&member.session.connection)
  }
}
