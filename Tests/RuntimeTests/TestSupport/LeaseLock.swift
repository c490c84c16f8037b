import Model
import Runtime
import TrialSupport

/// A lock in memory that lasts for a while, for the workers of one thread: who comes later takes it over.
struct LeaseLock: LeaseClient, FencingLockClient, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "test.lease", summary: "a lock that ends by itself", documentation: .sample, store: "memory",
    options: [
      OptionSpecification(
        "lifetime", .duration(.zero...(.seconds(3600))), default: .duration(.seconds(30)), "How long it lasts."),
      OptionSpecification("renew", .flag, default: .flag(false), "Whether its holder prolongs it."),
    ], scope: .process, threading: .shared, returnsValues: true)

  final class Leases: @unchecked Sendable {  // because all workers share a thread
    let lifetime: Int64
    let renews: Bool
    var holders: [Int32: (token: Int64, end: Int64)] = [:]
    /// Of all records: the fencing token.
    var grants: Int64 = 0

    init(_ options: Options) {
      lifetime = options.duration("lifetime").nanoseconds
      renews = options.flag("renew")
    }

    func prolong(_ key: Int32, _ token: Int64) {
      if holders[key]?.token == token { holders[key]?.end = monotonicNow() + lifetime }
    }
  }

  private let leases: Leases
  private let loop: EventLoop
  private var heartbeat: Heartbeat?
  private var held: (key: Int32, token: Int64)?

  init(leases: Leases, loop: EventLoop) {
    self.leases = leases
    self.loop = loop
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Leases {
    Leases(environment.options)
  }

  static func open(_ leases: Leases, _ worker: WorkerContext) async throws(SetupFailure) -> LeaseLock {
    LeaseLock(leases: leases, loop: worker.loop)
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    while let holder = leases.holders[key], holder.end > monotonicNow() {
      attempt.count(.polls)
      await attempt.sleep(nanoseconds: 50_000_000 + Int64(attempt.random.below(100_000_000)))
    }
    let (leases, token) = (leases, attempt.operation.token)
    leases.holders[key] = (token, monotonicNow() + leases.lifetime)
    leases.grants += 1
    held = (key, token)
    attempt.granted(key, token: leases.grants)
    if leases.renews {
      heartbeat = loop.startHeartbeat(every: leases.lifetime / 3) { leases.prolong(key, token) }
    }
  }

  mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard leases.holders[key]?.token == attempt.operation.token else { throw .leaseLost }
    leases.prolong(key, attempt.operation.token)
  }

  consuming func close() async {
    if let held, leases.holders[held.key]?.token == held.token { leases.holders[held.key] = nil }
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if let heartbeat { loop.stop(heartbeat) }
    if leases.holders[key]?.token == attempt.operation.token {
      leases.holders[key] = nil
    } else {
      attempt.count(.expiredHolds)
    }
  }
}
