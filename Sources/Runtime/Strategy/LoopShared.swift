internal import Synchronization

/// One object for all workers of an event loop, made when the first of them asks: what a client library keeps once per
/// process, because all workers of a process share a thread unless a scenario says otherwise.
public final class LoopShared<Value: AnyObject & Sendable>: Sendable {
  private let values = Mutex<[ObjectIdentifier: Value]>([:])

  /// Nothing was made yet.
  public init() {}

  /// The object of a loop; call on that loop.
  public func value(of loop: EventLoop, make: @Sendable () -> Value) -> Value {
    values.withLock { values in
      let identity = ObjectIdentifier(loop)
      if let known = values[identity] { return known }
      let made = make()
      values[identity] = made
      return made
    }
  }
}
