#if MariaDB
public import Model
public import Runtime

/// The prepared `XA` branches of a run in one MariaDB database.
public final class MariaDBBranches: PreparedBranches {
  private let session: KeptSession<AdministrationConnection>
  private let prefix: String
  /// When each branch was seen first: the server does not tell when it was prepared.
  private var seen: [String: Int64] = [:]

  /// - Parameter database: what there is for it (``StrategyEnvironment/database(_:)``).
  public init(_ database: StrategyEnvironment) throws(SetupFailure) {
    let address = try Address(url: database.endpoint("mariadb"))
    prefix = BranchNames(namespace: database.namespace).prefix
    session = KeptSession { () throws(SetupFailure) in try AdministrationConnection(address) }
  }

  /// From `XA RECOVER`; their age is counted from when they were seen first.
  public func list() throws(SetupFailure) -> [(name: String, age: Double)] {
    let names = try session.current().preparedBranches(prefix)
    let now = monotonicNow()
    seen = Dictionary(names.map { ($0, seen[$0] ?? now) }) { first, _ in first }
    return names.map { (name: $0, age: Double(now - (seen[$0] ?? now)) / 1e9) }
  }

  /// `XA COMMIT` or `XA ROLLBACK`. XAER_NOTA is an end only when the branch is not listed any more: the server says the
  /// same of one whose session is still there.
  public func end(_ name: String, commits: Bool) throws(SetupFailure) -> Bool {
    let connection = try session.current()
    if try connection.endPrepared(name, commits: commits) { return true }
    return try !connection.preparedBranches(prefix).contains(name)
  }
}

extension AdministrationConnection {
  /// Names of prepared branches that begin so.
  func preparedBranches(_ prefix: String) throws(SetupFailure) -> [String] {
    try run("XA RECOVER").compactMap { $0.count == 4 && $0[3].hasPrefix(prefix) ? $0[3] : nil }
  }

  /// Ends a prepared branch; false when the server does not know it, or its session is still there.
  func endPrepared(_ name: String, commits: Bool) throws(SetupFailure) -> Bool {
    do throws(SetupFailure) {
      try run("XA \(commits ? "COMMIT" : "ROLLBACK") '\(name)'")
      return true
    } catch {
      if self.error.isUnknownBranch { return false }
      throw error
    }
  }

  /// Rolls back whatever is prepared under names that begin so, and whose session is gone.
  func rollBackPrepared(_ prefix: String) throws(SetupFailure) {
    for name in try preparedBranches(prefix) { _ = try endPrepared(name, commits: false) }
  }
}
#endif
