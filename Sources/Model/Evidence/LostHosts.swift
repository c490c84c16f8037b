/// What a checker can still tell when a host of the trial was lost with all that its workers had seen.
public enum LostHostRule: Sendable {
  /// Everything: it looks only at what stores hold when all is over, which holds what the lost workers did, too.
  case decides
  /// That an invariant was broken, because what arrived proves each of its findings; never that it held.
  case accuses
  /// Nothing: what it finds may be the trace of workers that vanished.
  case abstains
}

extension Evidence {
  /// Which hosts are missing and what that means, in one sentence; nil when none is.
  public var lossInWords: String? {
    let hosts = missing.map { $0.hasPrefix("host ") ? $0 : "host \($0)" }
    guard let last = hosts.last else { return nil }
    if hosts.count == 1 { return "\(last) was lost: what its workers did is not known" }
    return "\(hosts.dropLast().joined(separator: ", ")) and \(last) were lost: what their workers did is not known"
  }
}
