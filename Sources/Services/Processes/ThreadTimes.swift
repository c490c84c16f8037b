/// What threads have done so far, as the kernel counts it.
public struct ThreadTimes: Sendable, Equatable {
  /// Nanoseconds on a CPU.
  public var computingNanoseconds: Int64 = 0
  /// Nanoseconds during which they could have run and had no CPU.
  public var readyNanoseconds: Int64 = 0
  /// How often they lost a CPU that they had not given up.
  public var involuntarySwitches: Int64 = 0
  /// Nothing yet.
  public init() {}
}
