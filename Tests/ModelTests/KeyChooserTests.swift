import Model
import Testing
import Workloads

/// How keys are drawn.
struct KeyChooserTests {
  struct Share: Sendable {
    var keys: Int
    var theta: Double
    var hottest: Double
    var tolerance: Double
  }

  /// Computed from p(i) = i^-theta / zeta(n, theta).
  @Test(
    "the hottest key has the share that the formula gives",
    arguments: [
      Share(keys: 10_000, theta: 0.5, hottest: 0.0050, tolerance: 0.00005),
      Share(keys: 10_000, theta: 0.8, hottest: 0.037, tolerance: 0.0005),
      Share(keys: 10_000, theta: 0.9, hottest: 0.064, tolerance: 0.0005),
      Share(keys: 10_000, theta: 0.99, hottest: 0.098, tolerance: 0.0005),
      Share(keys: 10_000, theta: 1.2, hottest: 0.208, tolerance: 0.0005),
      Share(keys: 100, theta: 0.99, hottest: 0.189, tolerance: 0.0005),
    ])
  func zipfShares(share: Share) throws {
    let chooser = KeyChooser(keys: share.keys, distribution: .zipfian(theta: share.theta))
    let probabilities = chooser.probabilities
    #expect(abs(try #require(probabilities.first) - share.hottest) <= share.tolerance)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9)
    #expect(zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("the sum of squares, the chance that two operations meet, is that of the formula")
  func sumOfSquares() {
    let zipfian = KeyChooser(keys: 10_000, distribution: .zipfian(theta: 0.99)).probabilities
    #expect(abs(zipfian.reduce(0) { $0 + $1 * $1 } - 1.6e-2) < 0.05e-2)
    let uniform = KeyChooser(keys: 10_000, distribution: .uniform).probabilities
    #expect(abs(uniform.reduce(0) { $0 + $1 * $1 } - 1e-4) < 1e-9)
  }

  @Test(
    "draws follow the probabilities",
    arguments: [.uniform, .zipfian(theta: 0), .zipfian(theta: 0.99), .zipfian(theta: 3)] as [KeyDistribution])
  func draws(distribution: KeyDistribution) {
    let chooser = KeyChooser(keys: 10, distribution: distribution)
    var random = RandomSource(seed: 11)
    var counts = Array(repeating: 0.0, count: 10)
    for _ in 0..<50_000 { counts[chooser.next(using: &random)] += 1 }
    for (count, probability) in zip(counts, chooser.probabilities) {
      let deviation = (50_000 * probability * (1 - probability)).squareRoot()
      #expect(abs(count - 50_000 * probability) < 5 * deviation)
    }
  }

  @Test("theta 0 is uniform and one key needs no weights")
  func edges() {
    #expect(KeyChooser(keys: 4, distribution: .zipfian(theta: 0)).probabilities == [0.25, 0.25, 0.25, 0.25])
    let single = KeyChooser(keys: 1, distribution: .zipfian(theta: 0.99))
    var random = RandomSource(seed: 1)
    #expect(single.probabilities == [1])
    #expect((0..<10).allSatisfy { _ in single.next(using: &random) == 0 })
  }

  @Test("several keys are different, also when all are asked for and one has nearly all the weight")
  func distinctKeys() {
    for distribution in [KeyDistribution.uniform, .zipfian(theta: 20)] {
      let chooser = KeyChooser(keys: 8, distribution: distribution)
      var random = RandomSource(seed: 5)
      for _ in 0..<100 { #expect(Set(chooser.next(8, using: &random)) == Set(0..<8)) }
    }
  }

  @Test("after a key that was drawn twice its neighbour is no likelier than the others")
  func noPreferredNeighbour() {
    let chooser = KeyChooser(keys: 4, distribution: .uniform)
    var random = RandomSource(seed: 6)
    var distances = Array(repeating: 0, count: 4)
    for _ in 0..<30_000 {
      let pair = chooser.next(2, using: &random)
      distances[(pair[1] - pair[0] + 4) % 4] += 1
    }
    // Mean 10,000, standard deviation 82.
    #expect(distances[0] == 0)
    #expect(distances.dropFirst().allSatisfy { abs($0 - 10_000) < 500 })
  }
}
