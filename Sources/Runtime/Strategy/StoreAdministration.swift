public import Model
public import Scripts

/// What the driver does with a store around a trial, outside the workers and the measured window: seed it, wait until
/// nothing can change it any more, read it, compare counts with the server, clean up.
///
/// Blocking; used by the driver's main thread only. One instance per run and store; its sessions are its own. Everything
/// it creates carries the run's namespace and is gone after ``remove()``.
///
/// A session that was lost while it was idle is opened anew by whatever is called next. What was lost in the middle of a
/// call fails it; every call can be repeated, whatever the one before has done.
public protocol StoreAdministration: AnyObject {
  /// In a process that will remove what another one of the same namespace makes: takes note of how the server is before,
  /// and from then on, ``remove()`` removes everything, whoever has made it.
  func standBy() throws(SetupFailure)
  /// Before a trial: makes the store hold exactly these values, record 0 first, in a fresh state (nothing left of the
  /// trial before: no lock, no bloat), and takes the server's counts as the base of ``counts()``.
  func prepare(values: [Int64]) throws(SetupFailure)
  /// Before a trial, before ``prepare(values:)``: what a strategy asks of the server itself, by its options; it holds until
  /// the next trial.
  func arrange(_ options: Options)
  /// Whether a trial has left its servers in a state from which no call leads back: they must be started anew, with an
  /// administration of their own.
  var isSpent: Bool { get }
  /// Before a trial over lists, before ``prepare(values:)``: makes the store hold so many empty lists, list 0 first.
  ///
  /// - Throws: when the store cannot be prepared, or has no lists.
  func prepareLists(_ count: Int) throws(SetupFailure)
  /// After a trial over lists: how many elements the lists of each record have in all, those whose number leaves the same
  /// rest when it is divided by `keys`. Call after ``settle(within:)``.
  func listLengths(keys: Int) throws(SetupFailure) -> [Int64]
  /// Before a trial of a user's own transactions, after ``prepare(values:)`` of an earlier trial and before that of this
  /// one: makes the schema, database or file of the scripts anew and runs what they set up.
  ///
  /// - Throws: when the store cannot be prepared, has no statements, or the setup has an error: then with its file and line.
  func prepareScript(_ program: ScriptProgram) throws(SetupFailure)
  /// After a trial of a user's own transactions: asks what must hold. Call after ``settle(within:)``.
  ///
  /// - Parameter limit: how many rows are kept.
  /// - Throws: when the query has an error: then with the name of the check.
  func answer(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer
  /// After a trial of a user's own transactions that was audited: the rows that a check gave while transactions ran, of
  /// the first moment that gave any; no rows when none did.
  func auditFindings(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer
  /// After a trial of a user's own transactions: runs what the scripts say for their end, and removes their schema,
  /// database or file.
  func tearDownScript(_ program: ScriptProgram) throws(SetupFailure)
  /// After a trial: waits until no session of this run's workers is left on the server, so that nothing can land any
  /// more. Sessions that stay (a worker process was killed while it waited for a lock) are ended by the server's means
  /// when half of the time has passed.
  ///
  /// - Throws: when some are still there after `within`.
  func settle(within: Duration) throws(SetupFailure)
  /// The values of all records, record 0 first. Call after ``settle(within:)``.
  func values() throws(SetupFailure) -> [Int64]
  /// What the server counted since ``prepare(values:)``, less what this administration caused, by name: `deadlocks`,
  /// `commits`, `rollbacks`, `commands`, as far as it counts them. Call after ``settle(within:)``.
  func counts() throws(SetupFailure) -> [String: Int64]
  /// Our counts of a whole trial beside those of the server, each with the difference that is no contradiction.
  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck]
  /// What server this is.
  func describe() throws(SetupFailure) -> ServerDescription
  /// During a trial: ends sessions of the run's workers by the server's own means, without waiting for their end.
  ///
  /// - Returns: false when there is no such session at the moment.
  /// - Throws: when the server cannot be asked, or has no such means.
  func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool
  /// During a trial: makes the server lose everything that it holds in memory only.
  ///
  /// - Throws: when the server cannot be asked, or loses nothing.
  func loseEverything() throws(SetupFailure)
  /// During a trial: fills the memory of the server, so that it throws away what may be thrown away, the soonest to
  /// expire first, which locks are; or empties it again.
  ///
  /// - Throws: when the server cannot be asked, or throws nothing away.
  func fillMemory(_ isFull: Bool) throws(SetupFailure)
  /// During a trial: lets the replicas hear nothing of their primary any more, without waiting: what it acknowledges from
  /// now on is on it alone.
  ///
  /// - Throws: when they cannot be asked, or there are none.
  func separateReplicas() throws(SetupFailure)
  /// During a trial: makes the first replica a primary, without waiting for it, whatever has become of the old one. Until
  /// the next ``prepare(values:)`` all questions go to the new one.
  ///
  /// - Throws: when it cannot be asked, or there is none.
  func promoteReplica() throws(SetupFailure)
  /// Closes the session with the server; the next call opens another.
  func endSession()
  /// Removes everything that carries the namespace; at the end of a run, whatever happened.
  ///
  /// - Throws: when something may be left, with the sentence to show; the caller reports it beside an earlier failure.
  func remove() throws(SetupFailure)
}

/// A server as results record it.
public struct ServerDescription: Sendable, Equatable, Codable {
  /// Version as the server states it.
  public var version: String
  /// The settings that matter for results, by the server's own names. No credentials.
  public var settings: [String: String]
  /// Makes a description.
  public init(version: String, settings: [String: String]) {
    self.version = version
    self.settings = settings
  }
}

extension StoreAdministration {
  /// Most of them remove what carries their namespace without asking who has made it.
  public func standBy() throws(SetupFailure) {}

  /// Most servers are used as they are.
  public func arrange(_ options: Options) {}

  /// Most servers can be used again.
  public var isSpent: Bool { false }

  /// Most stores have no transactions over lists.
  public func prepareLists(_ count: Int) throws(SetupFailure) { throw SetupFailure("the store has no lists") }

  /// Most stores have no transactions over lists.
  public func listLengths(keys: Int) throws(SetupFailure) -> [Int64] { throw SetupFailure("the store has no lists") }

  /// Most stores know no SQL.
  public func prepareScript(_ program: ScriptProgram) throws(SetupFailure) {
    throw SetupFailure("the store runs no scripts")
  }

  /// Most stores know no SQL.
  public func answer(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    throw SetupFailure("the store runs no scripts")
  }

  /// Most stores know no SQL.
  public func auditFindings(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    throw SetupFailure("the store runs no scripts")
  }

  /// Most stores know no SQL.
  public func tearDownScript(_ program: ScriptProgram) throws(SetupFailure) {
    throw SetupFailure("the store runs no scripts")
  }

  /// Most servers do not tell one session from another.
  public func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool {
    throw SetupFailure("the server has no means to end a session")
  }

  /// Most servers do not keep their data in memory only.
  public func loseEverything() throws(SetupFailure) { throw SetupFailure("the server does not lose what it holds") }

  /// Most servers refuse what they have no room for.
  public func fillMemory(_ isFull: Bool) throws(SetupFailure) {
    throw SetupFailure("the server does not throw away what it holds")
  }

  /// Most servers have no replicas.
  public func separateReplicas() throws(SetupFailure) { throw SetupFailure("the server has no replicas") }

  /// Most servers have no replicas.
  public func promoteReplica() throws(SetupFailure) { throw SetupFailure("the server has no replicas") }

  /// Compares every name of ``counts()`` with the counter of the same meaning. Operations whose outcome is unknown may
  /// or may not have reached the server.
  public func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let counters: [String: Counter] = [
      "deadlocks": .deadlock, "commits": .serverCommits, "rollbacks": .serverRollbacks, "commands": .statements,
    ]
    let slack = total[.unknown] + total[.connectionLost]
    return try counts().sorted { $0.key < $1.key }.compactMap { name, server in
      counters[name].map { CrossCheck(name: name, client: total[$0], server: server, slack: slack) }
    }
  }
}
