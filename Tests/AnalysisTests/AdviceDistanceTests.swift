import Foundation
import Model
import Testing

@testable import Analysis

/// Advice for servers that are farther away: from what was measured there.
@Suite struct AdviceDistanceTests {
  private static func cell(_ id: String, rate: Int64, at roundTrip: Duration, variant: String = "") -> [TrialResult] {
    Sample.cell(id, variant: variant, rates: Sample.six(rate)).map { trial in
      var trial = trial
      if !id.hasPrefix("memory.") {
        let server = String(id.prefix { $0 != "." })
        trial.conditions.servers = [server]
        if roundTrip != .zero { trial.conditions.distances[server] = Distance(roundTrip: roundTrip) }
      }
      return trial
    }
  }

  private static let near =
    cell("postgres.for-update", rate: 3_000, at: .zero) + cell("redis.lock", rate: 9_000, at: .zero)
  /// Far away, the one with fewer round trips is ahead.
  private static let far =
    cell("postgres.for-update", rate: 400, at: .milliseconds(1)) + cell("redis.lock", rate: 200, at: .milliseconds(1))

  private func advice(_ runs: [[TrialResult]], at roundTrip: Duration?) -> Advice {
    Advice(
      runs.enumerated().map { MeasuredRun(name: "run \($0)", trials: $1) },
      architecture: Architecture(roundTrip: roundTrip), lookup: Sample.lookup)
  }

  @Test func `only what was measured at the distance counts`() {
    #expect(advice([Self.near, Self.far], at: .milliseconds(1)).overall == "postgres.for-update")
    #expect(advice([Self.near, Self.far], at: .zero).overall == "redis.lock")
    #expect(advice([Self.near, Self.far], at: .milliseconds(1)).points.count == 1)
    #expect(advice([Self.near, Self.far], at: nil).points.count == 2)
  }

  @Test func `the answer says where servers were`() throws {
    let asked = advice([Self.far], at: .milliseconds(1))
    #expect(asked.text(width: 100).contains("1 database, measured with servers 1.00 ms away."))
    #expect(advice([Self.far], at: nil).text(width: 100).contains("measured with servers 1.00 ms away"))
    #expect(!advice([Self.near], at: nil).text(width: 100).contains("measured with"))
    #expect(
      advice([Self.near, Self.far], at: nil).text(width: 120)
        .contains("measured with servers at no added distance and 1.00 ms away"))
    let json = try JSONSerialization.jsonObject(with: Data(asked.json().utf8)) as? [String: Any]
    #expect(json?["round_trip_ns"] as? Int == 1_000_000)
    #expect(json?["measured_round_trips_ns"] as? [Int] == [1_000_000])
  }

  @Test func `nothing measured there is no answer`() {
    let nowhere = advice([Self.near], at: .milliseconds(1))
    #expect(
      nowhere.missingDistance
        == "nothing was measured with its servers 1.00 ms away: they were at no added distance")
    #expect(!nowhere.isDecided)
    #expect(advice([Self.far], at: .milliseconds(1)).missingDistance == nil)
    #expect(advice([Self.near], at: nil).missingDistance == nil)
  }

  @Test func `a strategy that was measured elsewhere only is not considered`() {
    let some = advice(
      [Self.near, Self.cell("postgres.for-update", rate: 400, at: .milliseconds(1))], at: .milliseconds(1))
    #expect(some.overall == "postgres.for-update")
    #expect(
      some.exclusions.map { "\($0.strategy): \($0.reason)" } == [
        "redis.lock: it was not measured with its servers 1.00 ms away"
      ])
  }

  @Test func `what needs no server is the same at any distance`() {
    let alone = Self.cell("memory.mutex", rate: 50_000, at: .zero)
    #expect(advice([alone], at: .milliseconds(1)).overall == "memory.mutex")
    // But it says nothing at load points that were measured at another distance.
    let sweep =
      Self.cell("memory.mutex", rate: 50_000, at: .zero, variant: "rtt=0us")
      + Self.cell("redis.lock", rate: 9_000, at: .zero, variant: "rtt=0us")
      + Self.cell("memory.mutex", rate: 50_000, at: .zero, variant: "rtt=1ms")
      + Self.cell("redis.lock", rate: 200, at: .milliseconds(1), variant: "rtt=1ms")
    let advice = advice([sweep], at: .milliseconds(1))
    #expect(advice.points.map(\.candidates.point.variant) == ["rtt=1ms"] && advice.overall == "memory.mutex")
    #expect(self.advice([sweep], at: .seconds(1)).missingDistance != nil)
  }

  @Test func `older results do not state servers, but distances`() {
    let old = (Self.near + Self.far).map { trial in
      var trial = trial
      trial.conditions.servers = []
      if !trial.conditions.distances.isEmpty { trial.cell.variant = "rtt=1ms" }
      return trial
    }
    #expect(advice([old], at: .milliseconds(1)).overall == "postgres.for-update")
  }

  @Test func `few encounters are a caution`() throws {
    let trials = Self.near.map { trial in
      var trial = trial
      trial.encounters = Encounters(moments: 500, looks: 4_000, met: 0)
      return trial
    }
    let point = try #require(advice([trials], at: nil).points.first)
    #expect(point.cautions.contains { $0.text.hasPrefix("Few operations met") })
    let usual = try #require(advice([Self.near], at: nil).points.first)
    #expect(!usual.cautions.contains { $0.text.hasPrefix("Few operations met") })
  }
}
