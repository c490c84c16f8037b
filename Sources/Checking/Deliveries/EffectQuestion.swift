/// The questions that a strategy with idempotency keys answers about what it has left (``Model/Remains``), and their rows.
public enum EffectQuestion {
  /// Per record that had an effect: record, requests that had one, effects.
  public static let accounts = "effects-by-record"
  /// Requests with more than one effect: worker, number, record, effects. The first ``mostRows``.
  public static let repeated = "repeated-effects"
  /// Requests whose response is stored and that had no effect: worker, number, record. The first ``mostRows``; asked where
  /// responses are stored.
  public static let missing = "responses-without-effect"
  /// Requests that had an effect and whose response is not stored: worker, number, record. The first ``mostRows``; asked
  /// where responses are stored.
  public static let unrecorded = "effects-without-response"
  /// Rows of the questions about single requests, so that a million of them do not fill the memory of the driver.
  public static let mostRows = 1000
}
