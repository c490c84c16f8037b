public import Model

/// The times of an election by observed leases, in nanoseconds: those of client-go, all scaled by one factor.
public struct LeaseTimes: Sendable {
  /// Others wait so long after the last change that they have seen.
  public let lease: Int64
  /// A leader that could not renew for so long resigns.
  public let renewDeadline: Int64
  /// Between two tries.
  public let retryPeriod: Int64
  /// Candidates wait up to so much of a period longer.
  public static let jitter = 1.2

  /// Takes the options.
  ///
  /// - Throws: when they do not fit together, as client-go has it.
  public init(_ options: Options) throws(SetupFailure) {
    let scale = options.number("scale")
    func scaled(_ name: String) -> Int64 { max(1, Int64(Double(options.duration(name).nanoseconds) * scale)) }
    lease = scaled("lease-duration")
    renewDeadline = scaled("renew-deadline")
    retryPeriod = scaled("retry-period")
    if lease <= renewDeadline { throw SetupFailure("lease-duration must be longer than renew-deadline") }
    if Double(renewDeadline) <= Self.jitter * Double(retryPeriod) {
      throw SetupFailure("renew-deadline must be longer than 1.2 times retry-period")
    }
  }

  /// How scenarios state them.
  public static let options = [
    OptionSpecification(
      "lease-duration", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(15)),
      "How long candidates wait after the last change of the lease that they have seen."),
    OptionSpecification(
      "renew-deadline", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
      "How long a leader that cannot renew goes on to lead."),
    OptionSpecification(
      "retry-period", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(2)),
      "Between two tries to renew; candidates wait 1 to 2.2 times as long."),
    OptionSpecification(
      "scale", .number(0.001...10), default: .number(1),
      "All three times are multiplied by this, so that runs stay short."),
    OptionSpecification(
      "release-on-cancel", .flag, default: .flag(false),
      "Whether a leader that ends gives the office back; otherwise its lease runs out, as by default in client-go."),
    OptionSpecification(
      "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(3600)),
      "How long to wait for the office before the attempt fails as not-acquired; client-go waits for ever."),
  ]
}
