internal import Model

/// The keys of `retry`.
enum RetrySection {
  static let section = Section<RetryPolicy>(
    path: "retry",
    keys: [
      Key("backoff", \.backoff, .cases, "How the wait before the next attempt grows."),
      Key("jitter", \.jitter, .cases, "How the wait is randomised."),
      Key("base", \.base, .duration(.zero ... .seconds(60)), "The first wait, before jitter."),
      Key("cap", \.cap, .duration(.zero ... .seconds(600)), "The longest wait."),
      Key(
        "attempts", \.attempts, .optional(.integer(1...1_000_000), orWord: "none"),
        "Attempts of one operation before it gives up; none for no limit."),
      Key(
        "deadline", \.deadline, .optional(.duration(.milliseconds(1) ... .seconds(86_400)), orWord: "none"),
        "Time of one operation after which it makes no further attempt; none for no limit."),
    ])

  /// Reads `retry`; without one, all defaults.
  static func read(_ node: YAMLNode?, _ diagnostics: inout Diagnostics) -> RetryPolicy {
    guard let node else { return RetryPolicy() }
    let reading = section.read(node, into: RetryPolicy(), &diagnostics)
    let policy = reading.value
    if reading.isSound("base", "cap"), policy.cap < policy.base,
      let place = (reading.stated["cap"] ?? reading.stated["base"])?.place
    {
      let (cap, base) = (DurationText.text(of: policy.cap), DurationText.text(of: policy.base))
      diagnostics.report(place, "retry.cap", "\(cap) is below retry.base, which is \(base)")
    }
    return policy
  }
}
