import Glibc

/// A value that several threads use in turn.
///
/// Not `Synchronization.Mutex`: who waits for that one is let in by the kernel, out of the sight of ThreadSanitizer, which
/// then reports a race that is none.
final class Exclusive<Value>: @unchecked Sendable {  // because the value is touched under the mutex only
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Uses the value; others wait.
  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
