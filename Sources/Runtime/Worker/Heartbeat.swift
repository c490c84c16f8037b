/// What a session does from time to time, whether or not its worker has an operation: servers forget clients that are
/// silent. Used on the thread of its loop.
public final class Heartbeat {
  let period: Int64
  let beat: () -> Void

  init(period: Int64, _ beat: @escaping () -> Void) {
    self.period = period
    self.beat = beat
  }
}
