internal import Model
@preconcurrency internal import Glibc
internal import Synchronization

/// Holds the workers of a process until all of them have opened their sessions and the common start is known.
final class StartGate: @unchecked Sendable {  // because every field is read and written under the mutex
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival: @Sendable () -> Void
  private let expected: Int
  private var arrived = 0
  private var failure: SetupFailure?
  private var decision: Decision?
  private var waiting: [UnsafeContinuation<Void, Never>] = []

  private enum Decision {
    case start(Int64)
    case cancel
  }

  /// - Parameter arrival: called once, on some worker's thread, when the last worker has arrived or one has failed.
  init(expected: Int, arrival: @escaping @Sendable () -> Void) {
    self.expected = expected
    self.arrival = arrival
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// A worker has opened its session.
  func arrive() async {
    let isLast = locked {
      arrived += 1
      return arrived == expected
    }
    if isLast { arrival() }
  }

  /// A worker could not open its session; the first failure is kept.
  func fail(_ reason: SetupFailure) {
    let isFirst = locked {
      defer { failure = failure ?? reason }
      return failure == nil
    }
    if isFirst { arrival() }
  }

  /// Whether every worker has arrived.
  var isOpen: Bool { locked { arrived == expected } }

  /// Why a worker could not open its session.
  var setupFailure: SetupFailure? { locked { failure } }

  /// Suspends until the start is decided: a moment of ``monotonicNow()``, or nil when the trial is called off.
  func start(on loop: EventLoop) async -> Int64? {
    await withUnsafeContinuation { continuation in
      let isDecided = locked {
        if decision == nil { waiting.append(continuation) }
        return decision != nil
      }
      if isDecided { continuation.resume() }
    }
    return locked {
      guard case .start(let moment) = decision else { return nil }
      return moment
    }
  }

  /// Lets the workers go at a moment, or sends them home.
  func open(at moment: Int64?) {
    let released = locked {
      decision = moment.map(Decision.start) ?? .cancel
      defer { waiting = [] }
      return waiting
    }
    for continuation in released { continuation.resume() }
  }
}
