import Model
import Testing

@testable import Runtime

/// Which operations are timed, and when operations arrive.
struct SamplerTests {
  @Test("one operation in `interval` is timed on average", arguments: [1, 2, 64])
  func mean(interval: Int) {
    var random = RandomSource(seed: 9)
    var sampler = Sampler()
    let count = 200_000
    let timed = (0..<count).filter { _ in sampler.next(interval: interval, using: &random) }.count
    // The first is always timed; gaps are uniform in 1 ... 2 * interval - 1.
    #expect(abs(Double(timed) - Double(count) / Double(interval)) <= 0.04 * Double(count) / Double(interval))
    if interval == 1 { #expect(timed == count) }
  }

  @Test("gaps differ and never exceed twice the interval")
  func gaps() {
    var random = RandomSource(seed: 9)
    var sampler = Sampler()
    let timed = (0..<20_000).filter { _ in sampler.next(interval: 8, using: &random) }
    let gaps = Set(zip(timed, timed.dropFirst()).map { $1 - $0 })
    #expect(gaps == Set(1...15))
  }

  @Test("the first operation is timed, so that short trials have a latency")
  func first() {
    var random = RandomSource(seed: 9)
    var sampler = Sampler()
    let first = sampler.next(interval: 64, using: &random)
    #expect(first)
  }

  @Test("arrivals are a Poisson process: gaps have the mean and the spread of an exponential distribution")
  func arrivals() {
    var random = RandomSource(seed: 4)
    var arrivals = Arrivals(.poisson(meanInterval: 1000), first: 5_000_000)
    var moments = [Int64(5_000_000)]
    for _ in 0..<40_000 { moments.append(arrivals.next(using: &random)) }
    let gaps = zip(moments, moments.dropFirst()).map { Double($1 - $0) }
    #expect(gaps.allSatisfy { $0 >= 0 })
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean - 1000) < 25)
    #expect(abs(variance.squareRoot() - 1000) < 50)
  }

  @Test("bursts come together at equal intervals from the start on, and ticks are bursts of one", arguments: [1, 3])
  func bursts(size: Int) {
    var random = RandomSource(seed: 4)
    var arrivals = Arrivals(.bursts(of: size, every: 250), first: 7_000)
    let moments = (0..<4 * size).map { _ in arrivals.next(using: &random) }
    #expect(moments == [7_000, 7_250, 7_500, 7_750].flatMap { Array(repeating: Int64($0), count: size) })
  }
}
