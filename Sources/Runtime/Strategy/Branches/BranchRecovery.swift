@preconcurrency internal import Glibc
public import Model
internal import Synchronization

/// The prepared branches of a run in one database, as recovery sees them. Blocking; connects anew when a connection was
/// lost.
public protocol PreparedBranches: AnyObject {
  /// Names of the branches that are prepared, with the seconds since then; 0 where the database does not tell.
  func list() throws(SetupFailure) -> [(name: String, age: Double)]
  /// Ends a branch; one that has ended already is no error.
  ///
  /// - Returns: false when it cannot be ended now, because its session is still there.
  func end(_ name: String, commits: Bool) throws(SetupFailure) -> Bool
}

/// Ends the branches whose coordinator cannot: those of processes that died, and those whose answer was lost. What the
/// log says was committed is committed, all else is rolled back.
public final class BranchRecovery: @unchecked Sendable {  // because of the mutex, and databases have one thread
  /// What there is in one database.
  public struct Database {
    let names: BranchNames
    let branches: any PreparedBranches

    /// - Parameter namespace: of the run, in the database.
    public init(namespace: String, _ branches: any PreparedBranches) {
      names = BranchNames(namespace: namespace)
      self.branches = branches
    }
  }

  private let databases: [Database]
  private let log: DecisionLog
  /// Branches that are older are rolled back whatever the log says; nil for never.
  private let heuristicAge: Double?
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// With the moment since when.
  private var doubtful: [TransactionNumber: Int64] = [:]

  /// How often the databases are asked what is left of processes that died, and how soon for a doubt of our own.
  private static let interval: useconds_t = 500_000
  private static let step: useconds_t = 50_000
  /// A session that is gone may have a statement under way for so long: a doubt is not over before, nanoseconds.
  private static let lateness: Int64 = 1_000_000_000

  /// - Parameter heuristicAge: seconds after which a prepared branch is rolled back, whatever was decided; nil for never.
  public init(_ databases: [Database], _ log: DecisionLog, heuristicAge: Double? = nil) {
    self.databases = databases
    self.log = log
    self.heuristicAge = heuristicAge
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Recovers on a thread of its own, now and then again, as long as the process lives.
  public func start() throws(SystemFailure) {
    try Thread.start(stackBytes: 512 * 1024) { [self] in
      while true {
        let asked = monotonicNow()
        do throws(SetupFailure) {
          try recover { $0.coordinator.isGone || isDoubtful($0) }
          forgetDoubts(before: asked - Self.lateness)
        } catch {
          // What cannot be reached now is asked for again.
        }
        var waited: useconds_t = 0
        repeat {
          usleep(Self.step)
          waited += Self.step
        } while waited < Self.interval && !hasDoubts
      }
    }
  }

  /// The answer about a branch was lost: it may be prepared.
  public func doubt(_ number: TransactionNumber) {
    pthread_mutex_lock(mutex)
    doubtful[number] = monotonicNow()
    pthread_mutex_unlock(mutex)
  }

  private func forgetDoubts(before moment: Int64) {
    pthread_mutex_lock(mutex)
    doubtful = doubtful.filter { $0.value >= moment }
    pthread_mutex_unlock(mutex)
  }

  private var hasDoubts: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return !doubtful.isEmpty
  }

  private func isDoubtful(_ number: TransactionNumber) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return doubtful[number] != nil
  }

  /// Ends the branches that are ours to end.
  ///
  /// The list comes before the log: a transaction that prepares in between is in neither, and left alone.
  ///
  /// - Parameter isOurs: whether nobody else will end a transaction.
  /// - Returns: for each database how many were committed and how many rolled back.
  /// - Throws: when a database could not be asked; the others were.
  @discardableResult
  public func recover(_ isOurs: (TransactionNumber) -> Bool) throws(SetupFailure) -> [(commits: Int, aborts: Int)] {
    var ended: [(commits: Int, aborts: Int)] = []
    var failure: SetupFailure?
    for database in databases {
      var counts = (commits: 0, aborts: 0)
      do throws(SetupFailure) {
        let found = try database.branches.list()
        let committed = found.isEmpty ? [] : log.committed()
        for branch in found {
          guard let number = database.names.number(in: branch.name) else { continue }
          let isOverdue = heuristicAge.map { branch.age > $0 } ?? false
          guard isOverdue || isOurs(number) else { continue }
          let commits = !isOverdue && committed.contains(number)
          guard try database.branches.end(branch.name, commits: commits) else { continue }
          if commits { counts.commits += 1 } else { counts.aborts += 1 }
        }
      } catch {
        failure = failure ?? error
      }
      ended.append(counts)
    }
    if let failure { throw failure }
    return ended
  }

  /// How many branches of the run are prepared in each database.
  public func remaining() throws(SetupFailure) -> [Int] {
    var counts: [Int] = []
    for database in databases {
      counts.append(try database.branches.list().count { database.names.number(in: $0.name) != nil })
    }
    return counts
  }
}
