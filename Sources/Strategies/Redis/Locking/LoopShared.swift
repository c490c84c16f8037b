internal import Runtime
internal import Synchronization

/// One object for all workers of an event loop, made when the first of them asks: what a client library keeps once per
/// process, because all workers of a process share a thread unless a scenario says otherwise.
final class LoopShared<Value: AnyObject & Sendable>: Sendable {
  private let values = Mutex<[ObjectIdentifier: Value]>([:])

  /// The object of a loop; call on that loop.
  func value(of loop: EventLoop, make: @Sendable () -> Value) -> Value {
    values.withLock { values in
      let identity = ObjectIdentifier(loop)
      if let known = values[identity] { return known }
      let made = make()
      values[identity] = made
      return made
    }
  }
}
