import Glibc
import Model

/// A thread for what blocks.
struct BackgroundThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private var thread = pthread_t()

  /// Starts it.
  init(_ body: @escaping @Sendable () -> Void) throws {
    let argument = Unmanaged.passRetained(Body(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    guard status == 0 else { throw SetupFailure("no thread") }
  }

  /// Waits for its end.
  func join() { pthread_join(thread, nil) }
}
