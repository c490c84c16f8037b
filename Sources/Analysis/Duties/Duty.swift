/// What one of several processes must do: the question that decides who is asked.
///
/// The raw values are the kinds of workload that measure it.
public enum Duty: String, Sendable, CaseIterable {
  /// Run a scheduled job at each tick.
  case job
  /// Lead, until somebody else does.
  case election

  /// In a sentence.
  public var phrase: String {
    switch self {
    case .job: "a scheduled job on several pods"
    case .election: "the election of a leader"
    }
  }
}
