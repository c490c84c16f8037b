import Model
import Testing

@testable import Hosts

/// Overlaps between hosts against all clocks that the bounds allow.
@Suite struct HoldTests {
  /// Whether two holds overlap when the clocks are off by this much.
  static func overlap(_ one: PlacedHold, _ other: PlacedHold, _ offsetOne: Int64, _ offsetOther: Int64) -> Int64 {
    min(one.left - offsetOne, other.left - offsetOther) - max(one.entered - offsetOne, other.entered - offsetOther)
  }

  @Test func bruteForceAgrees() throws {
    var random = RandomSource(seed: 3, stream: 3)
    func draw(_ range: ClosedRange<Int64>) -> Int64 {
      range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
    var seen = HoldJudgement()
    for _ in 0..<400 {
      let offsets = (0..<3).map { _ in
        let low = draw(-6...6)
        return ClockInterval(low: low, high: low + draw(0...5))
      }
      let holds = (0..<Int(draw(0...12))).map { _ in
        let entered = draw(0...60)
        return PlacedHold(
          host: Int(draw(0...2)), key: Int32(draw(1...2)), entered: entered, left: entered + draw(1...20))
      }
      let judgement = HoldJudgement.judge(holds, offsets: offsets)
      var (sure, undecided) = (0 as Int64, 0 as Int64)
      var longest: Int64 = 0
      for (index, one) in holds.enumerated() {
        for other in holds[(index + 1)...] where other.host != one.host && other.key == one.key {
          // Every pair of clocks within the bounds.
          let lengths = (offsets[one.host].low...offsets[one.host].high).flatMap { first in
            (offsets[other.host].low...offsets[other.host].high).map { Self.overlap(one, other, first, $0) }
          }
          // Holds that only touch neither overlap nor are they apart.
          if lengths.allSatisfy({ $0 > 0 }) {
            sure += 1
          } else if !lengths.allSatisfy({ $0 < 0 }) {
            undecided += 1
            longest = max(longest, lengths.max() ?? 0)
          }
          if let first = judgement.firstSure, judgement.sure == 1, lengths.allSatisfy({ $0 > 0 }) {
            #expect(first.overlap == lengths.min())
            #expect(Set([first.first, first.second]) == [one.host, other.host])
            #expect(first.key == one.key)
          }
        }
      }
      #expect(judgement.sure == sure)
      #expect(judgement.undecided == undecided)
      #expect(longest <= judgement.shortestSeen)
      seen.sure += judgement.sure
      seen.undecided += judgement.undecided
      seen.apart += judgement.apart
    }
    // The cases were of all kinds.
    #expect(min(seen.sure, seen.undecided, seen.apart) > 100)
  }

  @Test func neighboursAreCounted() {
    let offsets = [ClockInterval(low: 0, high: 0), ClockInterval(low: 0, high: 0)]
    let holds = (0..<10).map { PlacedHold(host: $0 % 2, key: 1, entered: Int64($0) * 10, left: Int64($0) * 10 + 5) }
    #expect(HoldJudgement.judge(holds.reversed(), offsets: offsets).apart == 9)
    #expect(HoldJudgement.judge(holds, offsets: offsets).sure == 0)
    // Neighbours of one host are no business of two clocks.
    #expect(HoldJudgement.judge(holds.filter { $0.host == 0 }, offsets: offsets) == HoldJudgement())
  }

  @Test func theEarliestSureOneIsNamed() {
    let offsets = [ClockInterval(low: 99, high: 101), ClockInterval(low: -2, high: 2)]
    let holds = [
      PlacedHold(host: 0, key: 8, entered: 5_100, left: 6_100),
      PlacedHold(host: 1, key: 8, entered: 5_500, left: 9_000),
      PlacedHold(host: 0, key: 7, entered: 1_100, left: 2_100),
      PlacedHold(host: 1, key: 7, entered: 1_400, left: 9_000),
    ]
    let judgement = HoldJudgement.judge(holds, offsets: offsets)
    #expect(judgement.sure == 2)
    #expect(judgement.shortestSeen == 6)
    #expect(judgement.firstSure == HoldJudgement.SureOverlap(first: 0, second: 1, key: 7, overlap: 597))
  }

  @Test func manyHoldsThatAreApartTakeLittle() {
    let offsets = (0..<4).map { _ in ClockInterval(low: -10, high: 10) }
    let holds = (0..<200_000).map {
      PlacedHold(host: $0 % 4, key: Int32($0 % 3), entered: Int64($0) * 100, left: Int64($0) * 100 + 50)
    }
    let judgement = HoldJudgement.judge(holds, offsets: offsets)
    #expect(judgement.apart == 199_997)
    #expect(judgement.sure + judgement.undecided == 0)
  }

  @Test func whatTellsNothingIsLeftOut() {
    let offsets = [ClockInterval(low: 0, high: 0), ClockInterval(low: 0, high: 0)]
    let inside = PlacedHold(host: 0, key: 1, entered: 0, left: 100)
    for other in [
      PlacedHold(host: 1, key: 1, entered: 50, left: 40), PlacedHold(host: 2, key: 1, entered: 5, left: 40),
    ] {
      #expect(HoldJudgement.judge([inside, other], offsets: offsets) == HoldJudgement())
    }
  }
}
