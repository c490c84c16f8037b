import Glibc
import Model

/// Waits until a condition holds, 20 s at most unless stated, so that what never happens fails the test instead of holding
/// up all.
///
/// - Parameter pause: microseconds between two looks.
func waitUntil(
  _ what: String, pause: UInt32 = 200, atMost seconds: Int = 20, _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw SetupFailure("waited \(seconds) s until \(what)") }
    if pause > 0 { usleep(pause) }
  }
}
