/// The power of a zero: what n operations without a violation prove.
public enum PowerOfZero {
  /// The greatest rate of violations that `examined` operations without one leave plausible (95 %): 3 / n, at most 1;
  /// nil when nothing was examined, which proves nothing.
  ///
  /// Source: the rule of three (Hanley and Lippman-Hand, JAMA 1983). It assumes that violations are independent.
  public static func upperBound(examined: Int64) -> Double? {
    examined > 0 ? min(1, 3 / Double(examined)) : nil
  }
}

extension CheckResult {
  /// The 95 % upper bound of the rate of violations; nil unless the verdict is a pass.
  public var upperBound: Double? { verdict == .pass ? PowerOfZero.upperBound(examined: examined) : nil }
}
