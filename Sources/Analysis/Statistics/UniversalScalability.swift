/// Throughput against load as the Universal Scalability Law describes it:
/// X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
///
/// Fitted by least squares of the relative error of N / X, which is linear in the coefficients, with 0 <= sigma <= 1 and
/// kappa >= 0. Source: Gunther, "Guerrilla Capacity Planning", chapters 4 to 6; without coherency (kappa = 0) it is
/// Amdahl's law.
public struct UniversalScalability: Sendable, Equatable {
  /// Throughput of one worker by the fit.
  public let lambda: Double
  /// Contention: the share of the work that only one can do at a time, 0 to 1.
  public let sigma: Double
  /// Coherency: what each pair of workers costs, in units of the work of one.
  public let kappa: Double
  /// Greatest relative distance of a point from the fit.
  public let largestResidual: Double
  /// Whether a limit of sigma or kappa had to be enforced: that coefficient is a limit and not an estimate.
  public let isConstrained: Bool
  /// Loads that the points cover.
  public let range: ClosedRange<Double>

  /// Load points that a fit needs.
  public static let leastPoints = 4
  /// Relative distance of a point from the fit beyond which the coefficients mean nothing.
  public static let toleratedResidual = 0.1

  /// Fits the law; nil with fewer than ``leastPoints`` different loads, or when the points do not determine it.
  ///
  /// - Parameter points: workers (positive) and throughput per second; points without throughput are left out.
  public init?(_ points: [(workers: Double, throughput: Double)]) {
    let points = points.filter { $0.workers > 0 && $0.throughput > 0 && $0.throughput.isFinite }
    let loads = Set(points.map(\.workers))
    guard loads.count >= Self.leastPoints, let least = loads.min(), let most = loads.max() else { return nil }
    let fits = Face.allCases.compactMap { face in face.fit(points).map { (face: face, fit: $0) } }
    // The optimum under convex limits is the free optimum of the face it lies on.
    guard let best = fits.filter(\.fit.isFeasible).min(by: { $0.fit.error < $1.fit.error }) else { return nil }
    let coefficients = best.fit.coefficients
    lambda = 1 / coefficients[0]
    sigma = coefficients[1] * lambda
    kappa = coefficients[2] * lambda
    isConstrained = best.face != .free
    range = least...most
    largestResidual = points.map { abs(best.fit.distance($0)) }.max() ?? 0
  }

  /// Throughput by the fit at a number of workers.
  public func throughput(workers: Double) -> Double {
    lambda * workers / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1))
  }

  /// Whether the law describes the points: none is further than ``toleratedResidual`` from the fit. Throughput that
  /// collapses faster than the law allows, or grows faster than the workers, never is.
  public var isGood: Bool { largestResidual <= Self.toleratedResidual }

  /// Workers at which throughput is greatest by the fit; nil when it grows without end (kappa is zero).
  public var peakWorkers: Double? { kappa > 0 ? max(1, ((1 - sigma) / kappa).squareRoot()) : nil }

  /// Whether the peak lies among the measured loads, and is not an extrapolation.
  public var isPeakMeasured: Bool { peakWorkers.map { range.contains($0) } ?? false }
}

/// Which limits of the coefficients hold with equality.
private enum Face: CaseIterable {
  case free, noContention, noCoherency, linear, fullContention, fullContentionNoCoherency

  /// The columns that are left, for the coefficients of 1, N - 1 and N (N - 1).
  private func columns(_ n: Double) -> [Double] {
    switch self {
    case .free: [1, n - 1, n * (n - 1)]
    case .noContention: [1, n * (n - 1)]
    case .noCoherency: [1, n - 1]
    case .linear: [1]
    case .fullContention: [n, n * (n - 1)]
    case .fullContentionNoCoherency: [n]
    }
  }

  private func expanded(_ found: [Double]) -> [Double] {
    switch self {
    case .free: found
    case .noContention: [found[0], 0, found[1]]
    case .noCoherency: [found[0], found[1], 0]
    case .linear: [found[0], 0, 0]
    case .fullContention: [found[0], found[0], found[1]]
    case .fullContentionNoCoherency: [found[0], found[0], 0]
    }
  }

  func fit(_ points: [(workers: Double, throughput: Double)]) -> Fit? {
    // Weighted with X / N, so that residuals are relative ones.
    let rows = points.map { point in columns(point.workers).map { $0 * point.throughput / point.workers } }
    guard let found = leastSquares(rows: rows, targets: points.map { _ in 1 }) else { return nil }
    return Fit(expanded(found), points)
  }
}

private struct Fit {
  let coefficients: [Double]
  let error: Double

  init(_ coefficients: [Double], _ points: [(workers: Double, throughput: Double)]) {
    self.coefficients = coefficients
    error = points.reduce(0) {
      let residual = Self.inverse(coefficients, $1.workers) * $1.throughput - 1
      return $0 + residual * residual
    }
  }

  var isFeasible: Bool {
    coefficients[0] > 0 && coefficients[1] >= 0 && coefficients[2] >= 0 && coefficients[1] <= coefficients[0]
  }

  /// Relative distance of the fitted throughput from the measured one.
  func distance(_ point: (workers: Double, throughput: Double)) -> Double {
    1 / (Self.inverse(coefficients, point.workers) * point.throughput) - 1
  }

  private static func inverse(_ coefficients: [Double], _ n: Double) -> Double {
    (coefficients[0] + coefficients[1] * (n - 1) + coefficients[2] * n * (n - 1)) / n
  }
}
