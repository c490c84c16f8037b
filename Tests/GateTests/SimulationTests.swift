import Foundation
import Model
import Testing

@testable import Gate

/// Models of the noise of paired logarithms of ratios, from quiet to hostile.
enum Noise: CaseIterable, Sendable {
  case quiet, sharedRound, spikes, heavyTails, randomWalk, bimodal

  /// Differences of `count` pairs, with the candidate `shift` dearer. The order within pairs is random, so a disturbance
  /// meets either arm with the same probability.
  func differences(_ count: Int, shift: Double, _ random: inout RandomSource) -> [Double] {
    var walk = 0.0
    return (0..<count).map { _ in
      let shared = self == .sharedRound ? 0.08 * random.normal() : 0
      let steps = [random.normal() * 0.05, random.normal() * 0.05]
      var arms = (0..<2).map { _ in shared + sample(&random) }
      if self == .randomWalk {
        for index in 0..<2 {
          walk += steps[index]
          arms[index] += walk
        }
      }
      return (random.fraction() < 0.5 ? arms[0] - arms[1] : arms[1] - arms[0]) + shift
    }
  }

  /// One measurement of one arm; differences of two have a standard deviation of about 0.057.
  private func sample(_ random: inout RandomSource) -> Double {
    switch self {
    case .quiet, .sharedRound: return 0.04 * random.normal()
    case .spikes: return 0.03 * random.normal() + (random.fraction() < 0.1 ? -0.1 * log(1 - random.fraction()) : 0)
    case .heavyTails:
      let squares = (0..<3).reduce(0.0) { sum, _ in sum + pow(random.normal(), 2) }
      return 0.025 * random.normal() / (squares / 3).squareRoot()
    case .randomWalk: return 0.02 * random.normal()
    case .bimodal: return (random.fraction() < 0.5 ? 0.03 : -0.03) + 0.02 * random.normal()
    }
  }
}

extension RandomSource {
  /// A normally distributed number, by the method of Box and Muller.
  mutating func normal() -> Double { (-2 * log(1 - fraction())).squareRoot() * cos(2 * .pi * fraction()) }
}

/// How often the rule errs under each model. Bounds are nominal rates and three standard errors of the simulation.
@Suite struct SimulationTests {
  static let gates = 400
  /// 0.05 + 3 sqrt(0.05 x 0.95 / 400).
  static let mostFalse = 0.0827
  /// 0.95 - 3 sqrt(0.05 x 0.95 / 400).
  static let leastTrue = 0.9173
  static let bounds = GateBounds(.goodput, .standard(.goodput), base: 0)

  /// Shares of the verdicts of so many gates.
  static func shares(_ noise: Noise, pairs: Int = 10, shift: Double, seed: UInt64) -> (ComparisonVerdict) -> Double {
    var random = RandomSource(seed: seed)
    var counts: [ComparisonVerdict: Int] = [:]
    for _ in 0..<gates {
      let difference = CostDifference(paired: noise.differences(pairs, shift: shift, &random))
      counts[bounds.verdict(difference), default: 0] += 1
    }
    return { Double(counts[$0] ?? 0) / Double(gates) }
  }

  @Test(arguments: Noise.allCases)
  func `two equal arms are rarely flagged`(noise: Noise) {
    let share = Self.shares(noise, shift: 0, seed: 11)
    #expect(share(.flagged) <= Self.mostFalse, "\(noise): \(share(.flagged))")
    #expect(share(.improved) <= Self.mostFalse, "\(noise): \(share(.improved))")
  }

  @Test(arguments: [Noise.quiet, .sharedRound, .bimodal])
  func `a growth of 10 percent is found`(noise: Noise) {
    let share = Self.shares(noise, shift: log(1.1), seed: 12)
    #expect(share(.flagged) >= Self.leastTrue, "\(noise): \(share(.flagged))")
  }

  @Test(arguments: Noise.allCases)
  func `a growth that must be detected is rarely passed`(noise: Noise) {
    let share = Self.shares(noise, shift: log(1.1), seed: 13)
    #expect(share(.pass) + share(.improved) <= Self.mostFalse, "\(noise): \(share(.pass))")
  }

  @Test func `ten times the noise leaves it open`() {
    var random = RandomSource(seed: 14)
    let verdicts = (0..<100).map { _ in
      let loud = Noise.quiet.differences(10, shift: 0, &random).map { $0 * 10 }
      return Self.bounds.verdict(CostDifference(paired: loud))
    }
    #expect(verdicts.count { $0 == .inconclusive } >= 75)
  }

  /// 48 equal cells per gate, very loud: many are flagged, and fresh data keep the whole gate green.
  @Test func `a family of equal cells is rarely red after confirmation`() {
    var random = RandomSource(seed: 15)
    var flagged = 0
    var red = 0
    for _ in 0..<100 {
      var comparisons = (0..<48).map { number in
        comparison(number, Noise.quiet.differences(10, shift: 0, &random).map { $0 * 2 })
      }
      flagged += comparisons.contains { $0.verdict == .flagged } ? 1 : 0
      for index in comparisons.indices where comparisons[index].verdict == .flagged {
        let fresh = Noise.quiet.differences(10, shift: 0, &random).map { $0 * 2 }
        comparisons[index].confirmation = CostDifference(paired: fresh)
      }
      comparisons.confirm(hasSecondStage: true)
      red += comparisons.contains { $0.conclusion == .regressed } ? 1 : 0
    }
    #expect(flagged >= 50, "without confirmation most of these gates would be red: \(flagged)")
    // 0.05 + 3 sqrt(0.05 x 0.95 / 100) of 100 gates.
    #expect(red <= 11, "\(red)")
  }

  @Test func `one true regression among 48 cells is confirmed`() {
    var random = RandomSource(seed: 16)
    let found = (0..<60).count { _ in
      var comparisons = (0..<48).map { number in
        comparison(number, Noise.quiet.differences(10, shift: number == 7 ? log(1.1) : 0, &random).map { $0 })
      }
      for index in comparisons.indices where comparisons[index].verdict == .flagged {
        let shift = index == 7 ? log(1.1) : 0
        comparisons[index].confirmation = CostDifference(paired: Noise.quiet.differences(10, shift: shift, &random))
      }
      comparisons.confirm(hasSecondStage: true)
      return comparisons[7].verdict == .regressed
    }
    // 60 (0.95 - 3 sqrt(0.05 x 0.95 / 60)).
    #expect(found >= 51, "\(found)")
  }

  private func comparison(_ number: Int, _ differences: [Double]) -> GateComparison {
    var comparison = GateComparison(
      cell: Cell(strategy: "s\(number)", workers: 1), metric: .goodput, rule: .standard(.goodput))
    comparison.bounds = Self.bounds
    comparison.screening = CostDifference(paired: differences)
    comparison.verdict = Self.bounds.verdict(comparison.screening)
    return comparison
  }
}
