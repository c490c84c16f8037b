import Analysis
import Testing

/// Points with the fit of SciPy 1.17.1: `scipy.optimize.lsq_linear(method="bvls")` of the relative error of N / X.
struct ScalabilityReference {
  let points: [(workers: Double, throughput: Double)]
  let lambda: Double
  let sigma: Double
  let kappa: Double
  let residual: Double

  static let all = [
    ScalabilityReference(
      points: [(1, 995), (2, 1850), (4, 3120), (8, 4410), (16, 4630), (32, 3620)],
      lambda: 998.4685810214643, sigma: 0.07102012633049763, kappa: 0.005692682721352209,
      residual: 0.005503535375631197),
    ScalabilityReference(
      points: [(1, 1000), (2, 1010), (4, 990), (8, 1005)],
      lambda: 1001.3046192259675, sigma: 1, kappa: 0, residual: 0.011418807298956946),
    ScalabilityReference(
      points: [(1, 100), (2, 201), (4, 405), (8, 799), (16, 1610)],
      lambda: 100.45240169238427, sigma: 0, kappa: 0, residual: 0.007877514149291165),
    ScalabilityReference(
      points: [(1, 22000), (2, 9000), (4, 3000), (8, 800)],
      lambda: 22914.627242745333, sigma: 0, kappa: 2.5495200813445904, residual: 0.5938046358540439),
    ScalabilityReference(
      points: [(2, 18000), (4, 27000), (8, 31000), (16, 26000), (32, 17000)],
      lambda: 10348.371494095903, sigma: 0.1189355223187071, kappa: 0.014921158987918254,
      residual: 0.0018025085332622481),
  ]
}

@Suite struct UniversalScalabilityTests {
  @Test(arguments: ScalabilityReference.all.indices)
  func `agrees with SciPy`(index: Int) throws {
    let reference = ScalabilityReference.all[index]
    let fit = try #require(UniversalScalability(reference.points))
    #expect(abs(fit.lambda / reference.lambda - 1) < 1e-6)
    #expect(abs(fit.sigma - reference.sigma) < 1e-6)
    #expect(abs(fit.kappa - reference.kappa) < 1e-6)
    #expect(abs(fit.largestResidual - reference.residual) < 1e-6)
  }

  @Test func `finds the peak, and says whether it was measured`() throws {
    let fit = try #require(UniversalScalability(ScalabilityReference.all[0].points))
    let peak = try #require(fit.peakWorkers)
    #expect(abs(peak - 12.77) < 0.02 && fit.isPeakMeasured && fit.isGood && !fit.isConstrained)
    #expect(fit.throughput(workers: peak) > fit.throughput(workers: peak - 1))
    #expect(fit.throughput(workers: peak) > fit.throughput(workers: peak + 1))
    let early = try #require(UniversalScalability(Array(ScalabilityReference.all[0].points.prefix(4))))
    #expect(early.peakWorkers.map { $0 > 8 } == true && !early.isPeakMeasured)
  }

  @Test func `a collapse is not described`() throws {
    let fit = try #require(UniversalScalability(ScalabilityReference.all[3].points))
    #expect(!fit.isGood && fit.isConstrained)
  }

  @Test func `without coherency there is no peak`() throws {
    #expect(try #require(UniversalScalability(ScalabilityReference.all[2].points)).peakWorkers == nil)
  }

  @Test func `says nothing about too few loads`() {
    #expect(UniversalScalability([(1, 100), (2, 180), (4, 300)]) == nil)
    #expect(UniversalScalability([(1, 100), (1, 101), (2, 180), (2, 183), (4, 300)]) == nil)
    #expect(UniversalScalability([(1, 100), (2, 180), (4, 300), (8, 0)]) == nil)
    #expect(UniversalScalability([]) == nil)
  }
}
