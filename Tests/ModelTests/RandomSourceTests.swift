import Model
import Testing

/// The generator against published sequences, and the independence of its streams.
struct RandomSourceTests {
  /// First outputs of the reference C program xoshiro256plusplus.c (prng.di.unimi.it) from the state 1, 2, 3, 4.
  @Test("xoshiro256++ gives the reference sequence")
  func referenceSequence() {
    var random = RandomSource(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807, 15_849_039_046_786_891_736,
      10_450_023_813_501_588_000,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  /// Outputs of the reference splitmix64.c for the seed 1234567.
  @Test("stream 0 is seeded by splitmix64, as other implementations do")
  func seeding() {
    var seeded = RandomSource(seed: 1_234_567)
    var stated = RandomSource(
      state: (
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431
      ))
    for _ in 0..<8 { #expect(seeded.next() == stated.next()) }
  }

  @Test("the same seed and stream give the same numbers; another seed or stream gives others")
  func determinism() {
    func draw(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var random = RandomSource(seed: seed, stream: stream)
      return (0..<4).map { _ in random.next() }
    }
    #expect(draw(1, 5) == draw(1, 5))
    var seen: Set<UInt64> = []
    for seed: UInt64 in 0..<20 { for stream: UInt64 in 0..<20 { seen.formUnion(draw(seed, stream)) } }
    #expect(seen.count == 20 * 20 * 4)
  }

  /// The states of seeds that are a golden ratio apart overlap in three of four words, as splitmix64 goes on by it.
  /// Streams must not be made of such seeds.
  @Test("streams of a seed do not share words of their states", arguments: 1...4 as ClosedRange<UInt64>)
  func streams(stream: UInt64) {
    for step: UInt64 in 1...8 {
      for shift in [step &* 0x9E37_79B9_7F4A_7C15, 0 &- step &* 0x9E37_79B9_7F4A_7C15] {
        var drawn = RandomSource(seed: 42, stream: stream)
        var shifted = RandomSource(seed: 42 &+ shift)
        #expect(drawn.next() != shifted.next())
      }
    }
  }

  @Test("numbers below a bound are all reached and about equally likely")
  func below() {
    var random = RandomSource(seed: 3)
    var counts = Array(repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[Int(random.below(7))] += 1 }
    // Mean 10,000, standard deviation 93.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 600 })
  }

  @Test("fractions lie in 0..<1 and average one half")
  func fractions() {
    var random = RandomSource(seed: 4)
    let drawn = (0..<10_000).map { _ in random.fraction() }
    #expect(drawn.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(drawn.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }
}
